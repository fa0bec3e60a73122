// What has no price is found without a walk through all of the roll-up.
migrate(
  (app) => {
    const { USAGE_UNPRICED } = require(
      `${__hooks}/../pb_migrations/lib/session-indexes.js`,
    ) as typeof import("./lib/session-indexes.ts");
    app.db().newQuery(USAGE_UNPRICED).execute();
  },
  (app) => {
    app.db().newQuery("DROP INDEX usage_unpriced").execute();
  },
);
