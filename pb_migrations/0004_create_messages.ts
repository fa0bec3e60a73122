// Messages, under the names that they have on the wire. `session` is the id of the session's record.
migrate(
  (app) => {
    const { decimals, documents, integers, longTexts, texts } = require(
      `${__hooks}/../pb_migrations/lib/fields.js`,
    ) as typeof import("./lib/fields.ts");
    const { ownRows } = require(`${__hooks}/../pb_migrations/lib/rules.js`) as typeof import("./lib/rules.ts");
    const messages = new Collection({ type: "base", name: "messages", listRule: ownRows, viewRule: ownRows });
    messages.fields.add(
      ...texts("user", "session", "externalId", "role"),
      ...texts("model", "provider", "agent", "responseId", "serviceTier"),
      ...integers("promptTokens", "completionTokens"),
      ...integers("tokensInput", "tokensCacheRead", "tokensCacheWrite", "tokensCacheWrite1h"),
      ...integers("tokensOutput", "tokensReasoning"),
      ...decimals("cost"),
      ...texts("costSource"),
      ...integers("durationMs", "createdAt", "updatedAt", "removedAt", "hash", "redacted"),
      ...documents("error"),
      // The server's own: tool calls among the parts, and when the row last changed.
      ...integers("toolCallCount", "syncedAt"),
      // Which values were stated by a client and are no guess: bits, see pb_hooks/sql/stated.ts.
      new NumberField({ name: "stated", onlyInt: true, hidden: true }),
      // 1 for a copy of a paid response that counts elsewhere: see lib/usage.ts.
      new NumberField({ name: "isCopy", onlyInt: true, hidden: true }),
    );
    // A session belongs to one user, so its id stands for both.
    messages.addIndex("messages_external_id", true, "session, externalId", "");
    messages.addIndex("messages_order", false, "session, createdAt", "");
    // Copies of one paid response are counted once: usage looks for them here.
    messages.addIndex("messages_response", false, "user, responseId", "responseId != ''");
    app.save(messages);
    // The large ones last, see 0003.
    messages.fields.add(...longTexts("textContent"), ...documents("parts", "meta"));
    app.save(messages);
  },
  (app) => app.delete(app.findCollectionByNameOrId("messages")),
);
