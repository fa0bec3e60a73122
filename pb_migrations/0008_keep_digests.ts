// What the server holds of each session, so that a client can compare a year of sessions in one small answer.
migrate(
  (app) => {
    const { CREATE_DIGESTS, DIGEST_TRIGGERS } = require(
      `${__hooks}/../pb_migrations/lib/digests.js`,
    ) as typeof import("./lib/digests.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(app, CREATE_DIGESTS);
    for (const [name, body] of Object.entries(DIGEST_TRIGGERS)) runSql(app, `CREATE TRIGGER ${name} ${body}`);
  },
  (app) => {
    const { DIGEST_TRIGGERS } = require(
      `${__hooks}/../pb_migrations/lib/digests.js`,
    ) as typeof import("./lib/digests.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    for (const name of Object.keys(DIGEST_TRIGGERS)) runSql(app, `DROP TRIGGER ${name}`);
    runSql(app, "DROP TABLE session_digests");
  },
);
