// The digest of a session's messages, kept by addition.

/** Sums of hashes wrap here: the largest prime below 2^53, so that a sum stays exact in a JavaScript number. */
const MODULUS = 9007199254740881;

/**
 * `session_digests`. `changes` grows with every change of a message: who has seen a value knows whether there was one
 * since. `withTokens` and `withCost` count the messages that carry tokens and a known cost: where there is none, the
 * session's own totals count instead.
 */
export const CREATE_DIGESTS = `CREATE TABLE session_digests (
  session TEXT PRIMARY KEY NOT NULL,
  messages INTEGER NOT NULL,
  hashSum INTEGER NOT NULL,
  unhashed INTEGER NOT NULL,
  toolCalls INTEGER NOT NULL,
  withTokens INTEGER NOT NULL,
  withCost INTEGER NOT NULL,
  changes INTEGER NOT NULL
) WITHOUT ROWID`;

/** Adds a message, or takes it back. Messages removed in the agent's store are not part of a digest. */
function count(sign: 1 | -1, row: "new" | "old"): string {
  const held = `(${row}.removedAt = 0)`;
  const hash = sign === 1 ? `${row}.hash % ${MODULUS}` : `${MODULUS} - ${row}.hash % ${MODULUS}`;
  return `INSERT INTO session_digests (session, messages, hashSum, unhashed, toolCalls, withTokens, withCost, changes)
    VALUES (${row}.session, ${sign} * ${held}, ${held} * (${hash}) % ${MODULUS},
      ${sign} * (${held} AND ${row}.hash = 0), ${sign} * ${held} * ${row}.toolCallCount,
      ${sign} * (${row}.promptTokens > 0 OR ${row}.completionTokens > 0),
      ${sign} * (${row}.costSource IN ('reported', 'computed')), 1)
    ON CONFLICT DO UPDATE SET messages = messages + excluded.messages,
      hashSum = (hashSum + excluded.hashSum) % ${MODULUS}, unhashed = unhashed + excluded.unhashed,
      toolCalls = toolCalls + excluded.toolCalls, withTokens = withTokens + excluded.withTokens,
      withCost = withCost + excluded.withCost, changes = changes + 1;`;
}

/** Columns of `messages` that decide what a message adds. */
const SOURCES = ["session", "hash", "removedAt", "toolCallCount", "promptTokens", "completionTokens", "costSource"];
const differs = SOURCES.map((name) => `new.${name} IS NOT old.${name}`).join(" OR ");

/** Triggers that keep `session_digests` equal to a recount of `messages`, whoever changes a message. */
export const DIGEST_TRIGGERS: Readonly<Record<string, string>> = {
  digests_insert: `AFTER INSERT ON messages BEGIN ${count(1, "new")} END`,
  digests_delete: `AFTER DELETE ON messages BEGIN ${count(-1, "old")} END`,
  digests_update: `AFTER UPDATE ON messages WHEN ${differs} BEGIN ${count(-1, "old")} ${count(1, "new")} END`,
  digests_update_other: `AFTER UPDATE ON messages WHEN NOT (${differs})
    BEGIN UPDATE session_digests SET changes = changes + 1 WHERE session = new.session; END`,
};
