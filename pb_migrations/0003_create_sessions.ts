// Sessions, under the names that they have on the wire. The owner is a plain id: a relation would make PocketBase
// delete an account's rows one by one. Absent is 0 or "".
migrate(
  (app) => {
    const { decimals, documents, integers, longTexts, texts } = require(
      `${__hooks}/../pb_migrations/lib/fields.js`,
    ) as typeof import("./lib/fields.ts");
    const { ownRows } = require(`${__hooks}/../pb_migrations/lib/rules.js`) as typeof import("./lib/rules.ts");
    const sessions = new Collection({ type: "base", name: "sessions", listRule: ownRows, viewRule: ownRows });
    sessions.fields.add(
      ...texts("user", "externalId", "source", "title", "projectPath", "projectName"),
      ...texts("gitRemote", "gitBranch", "gitCommit", "device"),
      ...texts("agentVersion", "model", "provider", "parentExternalId", "forkedFrom"),
      ...integers("promptTokens", "completionTokens"),
      ...integers("tokensInput", "tokensCacheRead", "tokensCacheWrite", "tokensCacheWrite1h"),
      ...integers("tokensOutput", "tokensReasoning"),
      ...decimals("cost"),
      ...texts("costSource"),
      ...integers("durationMs", "createdAt", "updatedAt", "archivedAt", "hash", "redacted"),
      // The server's own: counts, when it last stored something of the session, what the dashboard adds.
      ...integers("messageCount", "toolCallCount", "syncedAt", "deletedAt"),
      ...texts("customTitle", "evalStatus"),
      ...documents("tags"),
      new BoolField({ name: "starred" }),
      new BoolField({ name: "evalReady" }),
      // Which values were stated by a client and are no guess: bits, see pb_hooks/sql/stated.ts.
      new NumberField({ name: "stated", onlyInt: true, hidden: true }),
    );
    sessions.addIndex("sessions_external_id", true, "user, externalId", "");
    sessions.addIndex("sessions_updated", false, "user, updatedAt", "");
    sessions.addIndex("sessions_synced", false, "user, syncedAt", "");
    sessions.addIndex("sessions_parent", false, "user, parentExternalId", "parentExternalId != ''");
    app.save(sessions);
    // PocketBase creates columns in alphabetical order. Large values come last, so that reading the others of a row
    // does not walk through their overflow pages: hence a second save.
    sessions.fields.add(...documents("todos", "meta"), ...longTexts("notes", "evalNotes", "expectedOutput"));
    app.save(sessions);
  },
  (app) => app.delete(app.findCollectionByNameOrId("sessions")),
);
