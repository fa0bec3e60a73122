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

type Row = "new" | "old";

/** Sums that are kept beside the digest: name of the column and SQL of what a row of `messages` adds. */
export type Sums = Readonly<Record<string, (row: string) => string>>;

/** Adds a message, or takes it back. Messages removed in the agent's store are not part of a digest. */
function count(sign: 1 | -1, row: Row, sums: Sums): string {
  const held = `(${row}.removedAt = 0)`;
  const hash = sign === 1 ? `${row}.hash % ${MODULUS}` : `${MODULUS} - ${row}.hash % ${MODULUS}`;
  const names = Object.keys(sums);
  const also = (write: (name: string) => string) => names.map((name) => `, ${write(name)}`).join("");
  return `INSERT INTO session_digests (session, messages, hashSum, unhashed, toolCalls, withTokens, withCost, changes${also((name) => name)})
    VALUES (${row}.session, ${sign} * ${held}, ${held} * (${hash}) % ${MODULUS},
      ${sign} * (${held} AND ${row}.hash = 0), ${sign} * ${held} * ${row}.toolCallCount,
      ${sign} * (${row}.promptTokens > 0 OR ${row}.completionTokens > 0),
      ${sign} * (${row}.costSource IN ('reported', 'computed')), 1${also((name) => `${sign} * ${sums[name]?.(row)}`)})
    ON CONFLICT DO UPDATE SET messages = messages + excluded.messages,
      hashSum = (hashSum + excluded.hashSum) % ${MODULUS}, unhashed = unhashed + excluded.unhashed,
      toolCalls = toolCalls + excluded.toolCalls, withTokens = withTokens + excluded.withTokens,
      withCost = withCost + excluded.withCost, changes = changes + 1${also((name) => `${name} = ${name} + excluded.${name}`)};`;
}

/** Columns of `messages` that decide what a message adds. */
const SOURCES = ["session", "hash", "removedAt", "toolCallCount", "promptTokens", "completionTokens", "costSource"];

/**
 * Triggers that keep `session_digests` equal to a recount of `messages`, whoever changes a message.
 * @param sources columns of `messages` that decide what the sums add
 */
export function digestTriggers(sums: Sums, sources: readonly string[]): Readonly<Record<string, string>> {
  const differs = [...SOURCES, ...sources].map((name) => `new.${name} IS NOT old.${name}`).join(" OR ");
  const [add, takeBack] = [count(1, "new", sums), count(-1, "old", sums)];
  return {
    digests_insert: `AFTER INSERT ON messages BEGIN ${add} END`,
    digests_delete: `AFTER DELETE ON messages BEGIN ${takeBack} END`,
    digests_update: `AFTER UPDATE ON messages WHEN ${differs} BEGIN ${takeBack} ${add} END`,
    digests_update_other: `AFTER UPDATE ON messages WHEN NOT (${differs})
    BEGIN UPDATE session_digests SET changes = changes + 1 WHERE session = new.session; END`,
  };
}

export const DIGEST_TRIGGERS = digestTriggers({}, []);
