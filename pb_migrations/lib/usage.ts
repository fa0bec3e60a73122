// What a message adds to the roll-up of tokens and money, and how the roll-up is kept.

/** Milliseconds of a slot: midnight of every time zone falls on one. */
const SLOT_MS = 15 * 60 * 1000;

/** A row of the roll-up is found by these. Owner and time come first: what is read is a stretch of time of one user. */
const KEY = ["user", "slot", "session", "model", "provider", "costSource"];

/** Sums of columns of `messages` that have the same name there. */
const TOKENS = ["promptTokens", "completionTokens"].concat(
  ["tokensInput", "tokensCacheRead", "tokensCacheWrite", "tokensCacheWrite1h"],
  ["tokensOutput", "tokensReasoning"],
);

const SUMS = ["messages", ...TOKENS, "costNano"];

/**
 * `usage`: integers only, money in nano-USD, because sums of fractions drift when they are added and taken back.
 * Copies of responses that count elsewhere have rows of their own, with the costSource `copy`.
 */
export const CREATE_USAGE = `CREATE TABLE usage (
  user TEXT NOT NULL, slot INTEGER NOT NULL, session TEXT NOT NULL, model TEXT NOT NULL, provider TEXT NOT NULL, costSource TEXT NOT NULL,
  ${SUMS.map((name) => `${name} INTEGER NOT NULL`).join(", ")},
  PRIMARY KEY (${KEY.join(", ")})
) WITHOUT ROWID`;

/** The key and the sums that a message adds to. */
function sourceColumns(row: string): string[] {
  const slot = `${row}.createdAt - ${row}.createdAt % ${SLOT_MS}`;
  const costSource = `iif(${row}.isCopy, 'copy', ${row}.costSource)`;
  return [`${row}.user`, slot, `${row}.session`, `${row}.model`, `${row}.provider`, costSource];
}

function sumsOf(row: string): string[] {
  return ["1", ...TOKENS.map((name) => `${row}.${name}`), `CAST(round(${row}.cost * 1e9) AS INTEGER)`];
}

/** Adds what a message counts for, or takes it back. */
function add(sign: "+" | "-", row: "new" | "old"): string {
  return `INSERT INTO usage (${[...KEY, ...SUMS].join(", ")})
    SELECT ${sourceColumns(row).join(", ")}, ${sumsOf(row)
      .map((value) => `${sign}${value}`)
      .join(", ")} WHERE true
    ON CONFLICT DO UPDATE SET ${SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")};`;
}

function differs(names: readonly string[]): string {
  return names.map((name) => `new.${name} IS NOT old.${name}`).join(" OR ");
}

/** Columns of `messages` that decide what a message adds. */
const ADDED = ["user", "session", "createdAt", "model", "provider", "costSource", "cost", "isCopy", ...TOKENS];

/**
 * Triggers that keep `usage` equal to a recount of the messages, whoever changes a message. A row
 * that has no message left goes: one of zeros, because while several triggers of one change are at work, a row may
 * stand at 0 messages and still hold the tokens of one.
 */
const ROLL_UP: Readonly<Record<string, string>> = {
  usage_insert: `AFTER INSERT ON messages BEGIN ${add("+", "new")} END`,
  usage_delete: `AFTER DELETE ON messages BEGIN ${add("-", "old")} END`,
  usage_update: `AFTER UPDATE OF ${ADDED.join(", ")} ON messages WHEN ${differs(ADDED)}
    BEGIN ${add("-", "old")} ${add("+", "new")} END`,
  usage_empty: `AFTER UPDATE ON usage WHEN ${SUMS.map((name) => `new.${name} = 0`).join(" AND ")}
    BEGIN DELETE FROM usage WHERE ${KEY.map((name) => `${name} = new.${name}`).join(" AND ")}; END`,
};

/**
 * Of several copies of one paid response (a fork, an answer stored in pieces) one counts, whatever the order in which
 * they came: one in a session that is not deleted, then the one with the most output, then the oldest, then the one with
 * the smallest ids.
 */
export const FIRST_COPY = `(SELECT s.deletedAt > 0 FROM sessions s WHERE s.id = m.session), m.completionTokens DESC, m.promptTokens DESC, m.createdAt, m.externalId,
  (SELECT s.externalId FROM sessions s WHERE s.id = m.session)`;

/** Lets one message of the response of a row count. */
function settle(row: "new" | "old"): string {
  return `UPDATE messages SET isCopy = 1 - isCopy
    WHERE user = ${row}.user AND responseId = ${row}.responseId AND responseId <> ''
      AND isCopy <> (rowid <> (SELECT m.rowid FROM messages m
        WHERE m.user = ${row}.user AND m.responseId = ${row}.responseId AND m.responseId <> '' ORDER BY ${FIRST_COPY} LIMIT 1));`;
}

function hasOthers(row: "new" | "old"): string {
  return `EXISTS (SELECT 1 FROM messages m WHERE m.user = ${row}.user AND m.responseId = ${row}.responseId
    AND m.responseId <> '' AND m.rowid <> ${row}.rowid)`;
}

/** Columns of `messages` that decide which copy counts. */
const ORDERED = ["user", "session", "externalId", "responseId", "createdAt", "promptTokens", "completionTokens"];

/** Triggers that settle which copy counts. Nearly every message is the only one of its response. */
const COPIES: Readonly<Record<string, string>> = {
  copies_insert: `AFTER INSERT ON messages WHEN ${hasOthers("new")} BEGIN ${settle("new")} END`,
  copies_delete: `AFTER DELETE ON messages WHEN ${hasOthers("old")} BEGIN ${settle("old")} END`,
  copies_update: `AFTER UPDATE OF ${ORDERED.join(", ")} ON messages
    WHEN (${differs(ORDERED)}) AND (${hasOthers("old")} OR ${hasOthers("new")})
    BEGIN
      UPDATE messages SET isCopy = 0 WHERE rowid = new.rowid AND isCopy = 1 AND responseId = '';
      ${settle("old")}
      ${settle("new")}
    END`,
};

export const USAGE_TRIGGERS: Readonly<Record<string, string>> = { ...ROLL_UP, ...COPIES };
