// What a message adds to the roll-up of tokens and money, and how the roll-up is kept.

/** Milliseconds of a slot: midnight of every time zone falls on one. */
const SLOT_MS = 15 * 60 * 1000;

/** A row of the roll-up is found by these. */
const KEY = "session, slot, model, provider, costSource";

/** Sums of columns of `messages` that have the same name there. */
const TOKENS = [
  "promptTokens",
  "completionTokens",
  "tokensInput",
  "tokensCacheRead",
  "tokensCacheWrite",
  "tokensCacheWrite1h",
  "tokensOutput",
  "tokensReasoning",
];

/** Columns of `messages` that decide what a message adds. */
const USAGE_SOURCES = [
  "user",
  "session",
  "externalId",
  "responseId",
  "createdAt",
  "model",
  "provider",
  "cost",
  "costSource",
  ...TOKENS,
];

/** `usage`: integers only, money in nano-USD, because sums of fractions drift when they are added and taken back. */
export const CREATE_USAGE = `CREATE TABLE usage (
  session TEXT NOT NULL,
  slot INTEGER NOT NULL,
  model TEXT NOT NULL,
  provider TEXT NOT NULL,
  costSource TEXT NOT NULL,
  messages INTEGER NOT NULL,
  ${TOKENS.map((name) => `${name} INTEGER NOT NULL`).join(",\n  ")},
  costNano INTEGER NOT NULL,
  PRIMARY KEY (${KEY})
) WITHOUT ROWID`;

/**
 * Of several copies of one paid response (a fork, a response that was stored in pieces) one counts, whatever the order
 * in which they came: the one with the most output, then the oldest, then the one with the smallest ids.
 */
const FIRST_COPY = `completionTokens DESC, promptTokens DESC, createdAt, externalId,
  (SELECT s.externalId FROM sessions s WHERE s.id = session)`;

const COPY_COLUMNS = USAGE_SOURCES.join(", ");

/** A SELECT of the other messages with the response of `row` (`new` or `old`). */
function otherCopies(row: string): string {
  return `SELECT ${COPY_COLUMNS} FROM messages
    WHERE user = ${row}.user AND responseId = ${row}.responseId AND responseId <> '' AND rowid <> ${row}.rowid`;
}

function thisCopy(row: string): string {
  return `SELECT ${USAGE_SOURCES.map((name) => `${row}.${name} AS ${name}`).join(", ")}`;
}

/** Adds (`sign` 1) or takes back (-1) what the messages of a SELECT add up to; the SELECT has one row or none. */
function count(sign: 1 | -1, copy: string): string {
  const sums = [...TOKENS.map((name) => `${sign} * ${name}`), `${sign} * CAST(round(cost * 1e9) AS INTEGER)`];
  const columns = ["messages", ...TOKENS, "costNano"];
  return `INSERT INTO usage (${KEY}, ${columns.join(", ")})
    SELECT session, createdAt - createdAt % ${SLOT_MS}, model, provider, costSource, ${sign}, ${sums.join(", ")}
    FROM (${copy}) WHERE true
    ON CONFLICT DO UPDATE SET ${columns.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")};`;
}

function first(copies: string): string {
  return `SELECT * FROM (${copies}) ORDER BY ${FIRST_COPY} LIMIT 1`;
}

/** The response that `row` belongs to gets one copy more: the one that counted makes room for the one that counts now. */
function joinCopies(row: "new"): string {
  return count(-1, first(otherCopies(row))) + count(1, first(`${otherCopies(row)} UNION ALL ${thisCopy(row)}`));
}

/** The response that `row` belonged to loses this copy. */
function leaveCopies(row: "old"): string {
  return count(-1, first(`${otherCopies(row)} UNION ALL ${thisCopy(row)}`)) + count(1, first(otherCopies(row)));
}

const hasCopies = (row: "new" | "old") => `EXISTS (${otherCopies(row)})`;

/**
 * Triggers that keep `usage` equal to a recount of `messages`, whoever changes a message. Nearly every message is the
 * only one of its response; those take the short way.
 */
export const USAGE_TRIGGERS: Readonly<Record<string, string>> = {
  usage_insert: `AFTER INSERT ON messages WHEN NOT ${hasCopies("new")}
    BEGIN ${count(1, thisCopy("new"))} END`,
  usage_insert_copy: `AFTER INSERT ON messages WHEN ${hasCopies("new")}
    BEGIN ${joinCopies("new")} END`,
  usage_delete: `AFTER DELETE ON messages WHEN NOT ${hasCopies("old")}
    BEGIN ${count(-1, thisCopy("old"))} END`,
  usage_delete_copy: `AFTER DELETE ON messages WHEN ${hasCopies("old")}
    BEGIN ${leaveCopies("old")} END`,
  usage_update: `AFTER UPDATE OF ${USAGE_SOURCES.join(", ")} ON messages
    WHEN (${USAGE_SOURCES.map((name) => `new.${name} IS NOT old.${name}`).join(" OR ")})
      AND NOT ${hasCopies("old")} AND NOT ${hasCopies("new")}
    BEGIN ${count(-1, thisCopy("old"))} ${count(1, thisCopy("new"))} END`,
  usage_update_copy: `AFTER UPDATE OF ${USAGE_SOURCES.join(", ")} ON messages
    WHEN (${USAGE_SOURCES.map((name) => `new.${name} IS NOT old.${name}`).join(" OR ")})
      AND (${hasCopies("old")} OR ${hasCopies("new")})
    BEGIN ${leaveCopies("old")} ${joinCopies("new")} END`,
  usage_empty:
    "AFTER UPDATE ON usage WHEN new.messages = 0\n    BEGIN DELETE FROM usage WHERE session = new.session AND slot = new.slot AND model = new.model AND provider = new.provider AND costSource = new.costSource; END",
};
