// What belongs to a deleted session or account goes with it, in one statement instead of row by row.
migrate(
  (app) => {
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(
      app,
      `CREATE TRIGGER sessions_delete AFTER DELETE ON sessions BEGIN
        DELETE FROM messages WHERE session = old.id;
        DELETE FROM session_digests WHERE session = old.id;
      END`,
      `CREATE TRIGGER users_delete AFTER DELETE ON users BEGIN
        DELETE FROM sessions WHERE user = old.id;
        DELETE FROM api_keys WHERE user = old.id;
        DELETE FROM activity WHERE id = old.id;
      END`,
    );
  },
  (app) => {
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(app, "DROP TRIGGER sessions_delete", "DROP TRIGGER users_delete");
  },
);
