// One small record for each user, its id the user's: the only realtime signal. See pb_hooks/lib/activity.ts.
migrate(
  (app) => {
    const { integers, texts } = require(
      `${__hooks}/../pb_migrations/lib/fields.js`,
    ) as typeof import("./lib/fields.ts");
    const { ownRows } = require(`${__hooks}/../pb_migrations/lib/rules.js`) as typeof import("./lib/rules.ts");
    const activity = new Collection({ type: "base", name: "activity", listRule: ownRows, viewRule: ownRows });
    activity.fields.add(...texts("user"), ...integers("rev", "changedAt"));
    app.save(activity);
  },
  (app) => app.delete(app.findCollectionByNameOrId("activity")),
);
