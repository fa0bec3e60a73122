// The indexes of 0011 as they are now: their columns once stood in another order, and usage did not look at `stated`.
migrate(
  (app) => {
    const { SESSION_INDEXES } = require(
      `${__hooks}/../pb_migrations/lib/session-indexes.js`,
    ) as typeof import("./lib/session-indexes.ts");
    const sessions = app.findCollectionByNameOrId("sessions");
    for (const [name, columns] of Object.entries(SESSION_INDEXES)) {
      sessions.removeIndex(name);
      sessions.addIndex(name, false, columns.join(", "), "");
    }
    app.save(sessions);
  },
  () => {
    // The way back of 0011 finds the indexes by their names.
  },
);
