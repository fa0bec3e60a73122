// What the messages of a session say in all of tokens and money, beside its digest: sessions of which nobody states it show
// these sums (pb_hooks/sql/sums.ts). Copies and removed messages are included, as in the agents' own figures.
import { DIGEST_TRIGGERS, digestTriggers, type Sums } from "./digests.ts";

const TOKENS = ["promptTokens", "completionTokens"].concat(
  ["tokensInput", "tokensCacheRead", "tokensCacheWrite", "tokensCacheWrite1h"],
  ["tokensOutput", "tokensReasoning"],
);

/** Money is integer nano-USD, of known costs only. */
const SUMS: Sums = {
  ...Object.fromEntries(TOKENS.map((name) => [name, (row: string) => `${row}.${name}`])),
  costNano: (row) => `iif(${row}.costSource IN ('reported', 'computed'), CAST(round(${row}.cost * 1e9) AS INTEGER), 0)`,
  withoutPrice: (row) => `(${row}.costSource = 'unknown')`,
};
const NAMES = Object.keys(SUMS);

const TRIGGERS = digestTriggers(SUMS, [...TOKENS.slice(2), "cost"]);

const create = (triggers: Readonly<Record<string, string>>) =>
  Object.entries(triggers).map(([name, body]) => `CREATE TRIGGER ${name} ${body}`);
const DROP_TRIGGERS = Object.keys(DIGEST_TRIGGERS).map((name) => `DROP TRIGGER ${name}`);

const FILL = `UPDATE session_digests AS d SET ${NAMES.map((name) => `${name} = m.${name}`).join(", ")}
FROM (SELECT session, ${Object.entries(SUMS)
  .map(([name, value]) => `sum(${value("m")}) AS ${name}`)
  .join(", ")} FROM messages m GROUP BY session) m
WHERE m.session = d.session`;

export const ADD_SUMS: readonly string[] = [
  ...NAMES.map((name) => `ALTER TABLE session_digests ADD COLUMN ${name} INTEGER NOT NULL DEFAULT 0`),
  FILL,
  ...DROP_TRIGGERS,
  ...create(TRIGGERS),
];

export const REMOVE_SUMS: readonly string[] = [
  ...DROP_TRIGGERS,
  ...NAMES.map((name) => `ALTER TABLE session_digests DROP COLUMN ${name}`),
  ...create(DIGEST_TRIGGERS),
];

/** Bits of `sessions.stated`: pb_hooks/sql/stated.ts. */
const [BY_KIND, OWN_COST, COST, SUMMED_TOKENS, SUMMED_COST] = [2, 256, 512, 1024, 2048];
const PRICED = 128;

/** Greater than every earlier one: open pages read what has been written since they looked. */
const MARK = `syncedAt = (SELECT max(unixepoch() * 1000, max(syncedAt) + 1) FROM sessions)`;

/** What sessions show from now on. No row has a sum yet. */
export const SHOW_SUMS: readonly string[] = [
  `UPDATE sessions SET stated = stated | ${COST} WHERE costSource <> ''`,
  `UPDATE sessions AS x SET ${MARK}, ${TOKENS.map((name) => `${name} = d.${name}`).join(", ")}, stated = stated | ${SUMMED_TOKENS}
  FROM session_digests d WHERE d.session = x.id AND d.withTokens > 0
    AND NOT x.stated & ${BY_KIND} AND x.promptTokens + x.completionTokens = 0`,
  `UPDATE sessions AS x SET ${MARK}, cost = d.costNano / 1e9, costSource = 'computed', unpricedMessages = d.withoutPrice,
    stated = stated & ~${PRICED} | ${SUMMED_COST}
  FROM session_digests d WHERE d.session = x.id AND d.withCost > 0 AND x.costSource <> 'reported'`,
  `UPDATE sessions AS x SET ${MARK}, costSource = 'unknown'
  FROM session_digests d WHERE d.session = x.id AND d.withCost = 0 AND d.withoutPrice > 0 AND x.costSource = ''`,
];

/** What they showed before, but for prices of their own totals: all is priced again at the next start. */
export const HIDE_SUMS: readonly string[] = [
  `UPDATE sessions SET ${TOKENS.map((name) => `${name} = 0`).join(", ")} WHERE stated & ${SUMMED_TOKENS}`,
  `UPDATE sessions SET cost = ownCost,
    costSource = CASE WHEN stated & ${OWN_COST} THEN 'computed' WHEN stated & ${COST} THEN 'unknown' ELSE '' END
  WHERE stated & ${SUMMED_COST}`,
  `UPDATE sessions SET costSource = '' WHERE costSource = 'unknown' AND NOT stated & ${COST}`,
  `UPDATE sessions SET stated = stated & ~${COST | SUMMED_TOKENS | SUMMED_COST}`,
  "UPDATE price_list SET digest = '~' || digest",
];
