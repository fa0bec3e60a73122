// Sessions of which nobody states tokens or cost show the sums of their messages, which are kept beside the digests.
migrate(
  (app) => {
    const { ADD_SUMS, SHOW_SUMS } = require(
      `${__hooks}/../pb_migrations/lib/digest-sums.js`,
    ) as typeof import("./lib/digest-sums.ts");
    const { integers } = require(`${__hooks}/../pb_migrations/lib/fields.js`) as typeof import("./lib/fields.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    const sessions = app.findCollectionByNameOrId("sessions");
    // How many messages the sum of a session leaves out, because nobody knows what they cost.
    sessions.fields.add(...integers("unpricedMessages"));
    app.save(sessions);
    runSql(app, ...ADD_SUMS, ...SHOW_SUMS);
  },
  (app) => {
    const { HIDE_SUMS, REMOVE_SUMS } = require(
      `${__hooks}/../pb_migrations/lib/digest-sums.js`,
    ) as typeof import("./lib/digest-sums.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(app, ...HIDE_SUMS, ...REMOVE_SUMS);
    const sessions = app.findCollectionByNameOrId("sessions");
    sessions.fields.removeByName("unpricedMessages");
    app.save(sessions);
  },
);
