// What lists, facets and usage read of sessions is in indexes that hold every column they look at: a row of `sessions`
// is wide, and finding fifty thousand of them one by one takes longer than anything that is done with them.
migrate(
  (app) => {
    const { SESSION_INDEXES, USAGE_COPIES } = require(
      `${__hooks}/../pb_migrations/lib/session-indexes.js`,
    ) as typeof import("./lib/session-indexes.ts");
    const sessions = app.findCollectionByNameOrId("sessions");
    for (const [name, columns] of Object.entries(SESSION_INDEXES))
      sessions.addIndex(name, false, columns.join(", "), "");
    // `sessions_newest` begins with the same columns.
    sessions.removeIndex("sessions_updated");
    app.save(sessions);
    app.db().newQuery(USAGE_COPIES).execute();
  },
  (app) => {
    app.db().newQuery("DROP INDEX usage_copies").execute();
    const { SESSION_INDEXES } = require(
      `${__hooks}/../pb_migrations/lib/session-indexes.js`,
    ) as typeof import("./lib/session-indexes.ts");
    const sessions = app.findCollectionByNameOrId("sessions");
    sessions.addIndex("sessions_updated", false, "user, updatedAt", "");
    for (const name of Object.keys(SESSION_INDEXES)) sessions.removeIndex(name);
    app.save(sessions);
  },
);
