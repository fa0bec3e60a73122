// Keys of the machines that push. The key itself is never stored, only its digest.
migrate(
  (app) => {
    const { texts, integers } = require(
      `${__hooks}/../pb_migrations/lib/fields.js`,
    ) as typeof import("./lib/fields.ts");
    const { ownRows } = require(`${__hooks}/../pb_migrations/lib/rules.js`) as typeof import("./lib/rules.ts");
    const keys = new Collection({ type: "base", name: "api_keys", listRule: ownRows, viewRule: ownRows });
    keys.fields.add(
      ...texts("user", "name", "prefix", "device"),
      new TextField({ name: "hash", hidden: true, required: true }),
      new SelectField({ name: "scope", values: ["sync", "full"], maxSelect: 1, required: true }),
      ...integers("lastUsedAt", "expiresAt", "revokedAt", "created"),
    );
    keys.addIndex("api_keys_hash", true, "hash", "");
    keys.addIndex("api_keys_user", false, "user", "");
    app.save(keys);
  },
  (app) => app.delete(app.findCollectionByNameOrId("api_keys")),
);
