// Deleted sessions: their content can be restored until `purgeAt`; what stays after that is the id, so that the agents
// do not bring the session back.
migrate(
  (app) => {
    const { integers } = require(`${__hooks}/../pb_migrations/lib/fields.js`) as typeof import("./lib/fields.ts");
    const { TRASH_TRIGGERS } = require(`${__hooks}/../pb_migrations/lib/trash.js`) as typeof import("./lib/trash.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    const sessions = app.findCollectionByNameOrId("sessions");
    sessions.fields.add(...integers("purgeAt"));
    sessions.addIndex("sessions_trash", false, "user, deletedAt", "purgeAt > 0");
    sessions.addIndex("sessions_purge", false, "purgeAt", "purgeAt > 0");
    app.save(sessions);
    for (const [name, body] of Object.entries(TRASH_TRIGGERS)) runSql(app, `CREATE TRIGGER ${name} ${body}`);
  },
  (app) => {
    const { TRASH_TRIGGERS } = require(`${__hooks}/../pb_migrations/lib/trash.js`) as typeof import("./lib/trash.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    for (const name of Object.keys(TRASH_TRIGGERS)) runSql(app, `DROP TRIGGER ${name}`);
    const sessions = app.findCollectionByNameOrId("sessions");
    sessions.removeIndex("sessions_trash");
    sessions.removeIndex("sessions_purge");
    sessions.fields.removeByName("purgeAt");
    app.save(sessions);
  },
);
