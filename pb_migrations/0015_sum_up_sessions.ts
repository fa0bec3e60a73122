// What each session said in all, kept by triggers on the roll-up of usage.
migrate(
  (app) => {
    const { CREATE_SESSION_USAGE } = require(
      `${__hooks}/../pb_migrations/lib/session-usage.js`,
    ) as typeof import("./lib/session-usage.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(app, ...CREATE_SESSION_USAGE);
  },
  (app) => {
    const { DROP_SESSION_USAGE } = require(
      `${__hooks}/../pb_migrations/lib/session-usage.js`,
    ) as typeof import("./lib/session-usage.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(app, ...DROP_SESSION_USAGE);
  },
);
