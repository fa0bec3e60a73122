import { signalAll } from "../lib/activity.ts";
import { execute, queryOne } from "../lib/vm.ts";
import { READ_STAMP } from "../prices/reprice.ts";
import { FOLLOW_ALL } from "../sql/sums.ts";
import { SLOT_MS } from "./usage.ts";

/** The key of the roll-up. */
const KEY = ["user", "slot", "session", "model", "provider", "costSource"];

const TOKENS = [
  ...["promptTokens", "completionTokens", "tokensInput", "tokensCacheRead", "tokensCacheWrite", "tokensCacheWrite1h"],
  ...["tokensOutput", "tokensReasoning"],
];

const COLUMNS = [...KEY, "messages", ...TOKENS, "costNano"].join(", ");

/** All of the roll-up, counted from the messages. The triggers that keep it are in pb_migrations/lib/usage.ts. */
const RECOUNT = `CREATE TEMP TABLE recounted AS
SELECT m.user, m.createdAt - m.createdAt % ${SLOT_MS} AS slot, m.session, m.model, m.provider,
  iif(m.isCopy, 'copy', m.costSource) AS costSource, count(*) AS messages,
  ${TOKENS.map((name) => `sum(m.${name}) AS ${name}`).join(", ")}, sum(CAST(round(m.cost * 1e9) AS INTEGER)) AS costNano
FROM messages m GROUP BY 1, 2, 3, 4, 5, 6`;

const IS_KNOWN = "m.costSource IN ('reported', 'computed')";

/** What the messages of a session say in all, under the names of `session_digests`; see pb_migrations/lib/digest-sums.ts. */
const CARRIED: Readonly<Record<string, string>> = {
  withTokens: "sum(m.promptTokens > 0 OR m.completionTokens > 0)",
  withCost: `sum(${IS_KNOWN})`,
  withoutPrice: "sum(m.costSource = 'unknown')",
  costNano: `sum(iif(${IS_KNOWN}, CAST(round(m.cost * 1e9) AS INTEGER), 0))`,
  ...Object.fromEntries(TOKENS.map((name) => [name, `sum(m.${name})`])),
};
const carried = (write: (name: string) => string) => Object.keys(CARRIED).map(write);
const CARRY_OTHERS = `(${carried((name) => `d.${name} <> c.${name}`).join(" OR ")})`;

const RECOUNT_CARRIERS = `CREATE TEMP TABLE recounted_carriers AS
SELECT m.session, ${carried((name) => `${CARRIED[name]} AS ${name}`).join(", ")} FROM messages m GROUP BY m.session`;

/** Sums of a session, under the same names in `session_usage`; see pb_migrations/lib/session-usage.ts. */
const OF_SESSION = ["messages", ...TOKENS.filter((name) => name !== "tokensOutput"), "costNano"];

const SESSION_COLUMNS = ["user", "session", ...OF_SESSION, "reportedNano"].join(", ");

const RECOUNT_SESSIONS = `CREATE TEMP TABLE recounted_sessions AS
SELECT user, session, min(slot) AS firstSlot, max(slot) AS lastSlot, ${OF_SESSION.map((name) => `sum(${name}) AS ${name}`).join(", ")},
  coalesce(sum(costNano) FILTER (WHERE costSource = 'reported'), 0) AS reportedNano
FROM temp.recounted WHERE costSource <> 'copy' GROUP BY user, session`;

const DIFFERENCES = `SELECT
  (SELECT count(*) FROM temp.recounted) AS rows,
  (SELECT count(*) FROM (SELECT ${COLUMNS} FROM usage EXCEPT SELECT ${COLUMNS} FROM temp.recounted))
    + (SELECT count(*) FROM (SELECT ${KEY.join(", ")} FROM temp.recounted EXCEPT SELECT ${KEY.join(", ")} FROM usage)) AS differences,
  (SELECT count(*) FROM temp.recounted_carriers c CROSS JOIN session_digests d ON d.session = c.session
    WHERE ${CARRY_OTHERS}) AS carriers,
  (SELECT count(*) FROM (SELECT ${SESSION_COLUMNS} FROM session_usage EXCEPT SELECT ${SESSION_COLUMNS} FROM temp.recounted_sessions))
    + (SELECT count(*) FROM (SELECT user, session FROM temp.recounted_sessions EXCEPT SELECT user, session FROM session_usage))
    + (SELECT count(*) FROM temp.recounted_sessions r CROSS JOIN session_usage c ON c.user = r.user AND c.session = r.session
      WHERE c.firstSlot > r.firstSlot OR c.lastSlot < r.lastSlot) AS sessions`;

const REPAIR_CARRIERS = `UPDATE session_digests AS d SET ${carried((name) => `${name} = c.${name}`).join(", ")}
FROM temp.recounted_carriers c WHERE d.session = c.session AND ${CARRY_OTHERS}`;

/** Owners of the sessions that showed something else. Bind `stamp`. */
const OWNERS = `SELECT coalesce(group_concat(DISTINCT user), '') AS users FROM sessions WHERE syncedAt = {:stamp}`;

const RECOUNTED = ["recounted", "recounted_carriers", "recounted_sessions"];
const DROP = RECOUNTED.map((name) => `DROP TABLE IF EXISTS temp.${name}`);

/** What a recount found. */
interface Rebuilt {
  /** Rows that the roll-up has. */
  readonly rows: number;
  /** Rows of it, and sessions beside it, that were wrong, missing or too many; 0 unless somebody changed tables behind the triggers. */
  readonly differences: number;
}

/**
 * Counts the roll-up of all users anew and replaces it when it is not equal, and brings sessions up to it; equal, nothing
 * is written. Reads every message: a million take seconds, in which nothing else can be written.
 * @param txApp the transaction's handle
 */
export function rebuildUsage(txApp: core.App): Rebuilt {
  for (const sql of [...DROP, RECOUNT, RECOUNT_CARRIERS, RECOUNT_SESSIONS]) execute(txApp, sql, {});
  const found = queryOne(txApp, DIFFERENCES, {}, { rows: 0, differences: 0, carriers: 0, sessions: 0 });
  if (!found) throw new Error("the recount gave no answer");
  if (found.differences > 0) {
    execute(txApp, "DELETE FROM usage", {});
    execute(txApp, `INSERT INTO usage (${COLUMNS}) SELECT ${COLUMNS} FROM temp.recounted`, {});
  }
  if (found.differences + found.sessions > 0) {
    execute(txApp, "DELETE FROM session_usage", {});
    const columns = `firstSlot, lastSlot, ${SESSION_COLUMNS}`;
    execute(txApp, `INSERT INTO session_usage (${columns}) SELECT ${columns} FROM temp.recounted_sessions`, {});
  }
  if (found.carriers > 0) execute(txApp, REPAIR_CARRIERS, {});
  for (const sql of DROP) execute(txApp, sql, {});
  const differences = found.differences + found.carriers + found.sessions + followMessages(txApp);
  return { rows: found.rows, differences };
}

/** @returns how many sessions did not show what their messages say */
function followMessages(txApp: core.App): number {
  const now = Date.now();
  const stamp = queryOne(txApp, READ_STAMP, { now }, { stamp: 0 })?.stamp ?? now;
  const changed = execute(txApp, FOLLOW_ALL, { stamp });
  if (changed > 0) signalAll(txApp, queryOne(txApp, OWNERS, { stamp }, { users: "" })?.users ?? "", now);
  return changed;
}
