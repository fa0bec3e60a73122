import { isPriceable, priceOf, storedRow } from "../prices/statements.ts";
import { TOKEN_KINDS } from "./fields.ts";
import { STATED } from "./stated.ts";

// What sessions show of their messages: how many there are, and the tokens and the cost that nobody stated of the
// session itself. The sums are in session_digests, kept by triggers: see docs/decisions/133.

/** Tokens of a session, under the same names in `session_digests`. */
const TOKENS = ["promptTokens", "completionTokens", ...TOKEN_KINDS.map(([, name]) => name)];

const SHOWS_TOKENS = `(d.withTokens > 0 AND (s.stated & ${STATED.summedTokens}
    OR (NOT s.stated & ${STATED.tokens} AND s.promptTokens + s.completionTokens = 0)))`;
const SHOWS_COST = `(d.withCost > 0 AND s.costSource <> 'reported')`;

/** Of a session whose messages have lost their costs: what its own totals cost. */
const PRICE_AGAIN = `iif(s.stated & ${STATED.summedCost} AND NOT ${SHOWS_COST} AND ${isPriceable("s")},
    ${priceOf(storedRow("sessions", "s"))}, NULL)`;

const tokens = (name: string) => `CASE WHEN ${SHOWS_TOKENS} THEN d.${name}
    WHEN s.stated & ${STATED.summedTokens} THEN 0 ELSE s.${name} END`;

const WAS_SUM = `x.stated & ${STATED.summedCost}`;

/** What a session `x` shows, by its sums `g`. */
const SHOWN: Readonly<Record<string, string>> = {
  messageCount: "g.messages",
  toolCallCount: "g.toolCalls",
  ...Object.fromEntries(TOKENS.map((name) => [name, `g.${name}`])),
  cost: `CASE WHEN g.showsCost THEN g.costNano / 1e9 WHEN ${WAS_SUM} THEN coalesce(g.price, x.ownCost) ELSE x.cost END`,
  costSource: `CASE WHEN g.showsCost THEN 'computed'
    WHEN NOT ${WAS_SUM} AND x.costSource IN ('reported', 'computed') THEN x.costSource
    WHEN g.price IS NOT NULL OR x.stated & ${STATED.ownCost} THEN 'computed'
    WHEN x.stated & ${STATED.cost} OR g.withoutPrice > 0 THEN 'unknown' ELSE '' END`,
  unpricedMessages: "iif(g.showsCost, g.withoutPrice, 0)",
  stated: `(x.stated & ~(${STATED.summedTokens | STATED.summedCost} | iif(g.showsCost OR ${WAS_SUM}, ${STATED.priced}, 0)))
    | iif(g.showsTokens, ${STATED.summedTokens}, 0) | iif(g.showsCost, ${STATED.summedCost}, 0)
    | iif(g.price IS NOT NULL, ${STATED.priced}, 0)`,
};

/**
 * Brings sessions up to their messages. What a session shows depends on what is stated of it and on its sums alone, so
 * that the order in which both came leaves no trace; nothing is written where nothing changes. Bind `stamp`.
 * @param from FROM and WHERE that give sessions `s` and their digests `d`
 * @param isDue SQL: whether a session is written also when it shows the same
 */
function follow(from: string, isDue = "0"): string {
  const differs = Object.entries(SHOWN).map(([name, value]) => `${value} IS NOT x.${name}`);
  // The plus sign keeps SQLite from walking through all sessions and looking each one up in the list.
  return `UPDATE sessions AS x SET syncedAt = {:stamp},
  ${Object.entries(SHOWN)
    .map(([name, value]) => `${name} = ${value}`)
    .join(",\n  ")}
FROM (SELECT s.rowid AS place, ${isDue} AS isDue, ${TOKENS.map((name) => `${tokens(name)} AS ${name}`).join(", ")},
    ${SHOWS_TOKENS} AS showsTokens, ${SHOWS_COST} AS showsCost, ${PRICE_AGAIN} AS price,
    d.messages, d.toolCalls, d.costNano, d.withoutPrice
  ${from} LIMIT -1) g
WHERE x.rowid = +g.place AND (g.isDue OR ${differs.join("\n    OR ")})`;
}

/** For the sessions that a request touches; a message may have changed that shows in nothing. */
export const FOLLOW_MESSAGES = follow(
  "FROM temp.stage_touched t CROSS JOIN sessions s ON s.id = t.id CROSS JOIN session_digests d ON d.session = t.id",
  "d.changes <> coalesce(t.changes, 0)",
);

/** Not those whose messages are just going for good, bit by bit. */
const WITH_DIGESTS = `FROM sessions s CROSS JOIN session_digests d ON d.session = s.id
  WHERE (s.deletedAt = 0 OR s.purgeAt > {:stamp})`;

/** For some sessions, one after the other as they are stored. Bind `after` and `last`, rowids. */
export const FOLLOW_IN_CHUNK = follow(`${WITH_DIGESTS} AND s.rowid > {:after} AND s.rowid <= {:last}`);

/** For all of everybody. */
export const FOLLOW_ALL = follow(WITH_DIGESTS);
