// Tokens and money of every session in slots of a quarter of an hour, by model, provider and where the cost is from.
// Nothing of a session is repeated here: readers join `sessions`.
migrate(
  (app) => {
    const { CREATE_USAGE, USAGE_TRIGGERS } = require(
      `${__hooks}/../pb_migrations/lib/usage.js`,
    ) as typeof import("./lib/usage.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(app, CREATE_USAGE);
    for (const [name, body] of Object.entries(USAGE_TRIGGERS)) runSql(app, `CREATE TRIGGER ${name} ${body}`);
  },
  (app) => {
    const { USAGE_TRIGGERS } = require(`${__hooks}/../pb_migrations/lib/usage.js`) as typeof import("./lib/usage.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    for (const name of Object.keys(USAGE_TRIGGERS)) runSql(app, `DROP TRIGGER ${name}`);
    runSql(app, "DROP TABLE usage");
  },
);
