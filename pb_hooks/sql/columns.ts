import { TOKEN_KINDS } from "./fields.ts";
import { type Column, whole } from "./merge.ts";
import { STATED } from "./stated.ts";

// The merge rules that sessions and messages share. `row` is the table's name, which stands for the row that is there.

/** A text: the last one that is there wins. */
export function text(row: string, name: string): Column {
  return {
    name,
    value: `coalesce(s.${name}, '')`,
    partial: `iif(excluded.${name} <> '', excluded.${name}, ${row}.${name})`,
  };
}

/** A count: the last one above 0 wins. */
export function count(row: string, name: string): Column {
  return { name, value: whole(`s.${name}`), partial: `iif(excluded.${name} > 0, excluded.${name}, ${row}.${name})` };
}

/** A JSON value: replaced as a whole. */
export function document(row: string, name: string): Column {
  return { name, value: `nullif(i.item -> '${name}', 'null')`, partial: `coalesce(excluded.${name}, ${row}.${name})` };
}

/** A JSON object: members are kept until they are replaced. */
export function meta(row: string, value = "nullif(i.item -> 'meta', 'null')"): Column {
  const partial = `CASE WHEN excluded.meta IS NULL THEN ${row}.meta WHEN ${row}.meta IS NULL THEN excluded.meta
    ELSE json_patch(${row}.meta, excluded.meta) END`;
  return { name: "meta", value, partial };
}

const hasSplit = (of: string) => `${of}.stated & ${STATED.tokens}`;

/**
 * Tokens. A split by kind is the truth for the two sums and is replaced as a whole. Sums without one fill in only where
 * no split is known, and a 0 among them says nothing.
 * @param replaces SQL: whether what a partial says replaces all that is there
 */
export function tokens(row: string, replaces = hasSplit("excluded")): Column[] {
  const kinds = TOKEN_KINDS.map(([, name]): Column => {
    return { name, value: whole(`s.${name}`), partial: `iif(${replaces}, excluded.${name}, ${row}.${name})` };
  });
  const sum = (name: string, parts: readonly string[]): Column => ({
    name,
    value: `iif(s.tokens IS NULL, ${whole(`s.${name}`)}, ${parts.map((part) => whole(`s.${part}`)).join(" + ")})`,
    partial: `CASE WHEN ${replaces} THEN excluded.${name}
    WHEN ${hasSplit(row)} OR excluded.${name} = 0 THEN ${row}.${name} ELSE excluded.${name} END`,
  });
  return [
    sum("promptTokens", ["tokensInput", "tokensCacheRead", "tokensCacheWrite"]),
    sum("completionTokens", ["tokensOutput"]),
    ...kinds,
  ];
}

/** Whether an item says how many tokens there were. */
export const SAYS_TOKENS = `(${hasSplit("excluded")} OR excluded.promptTokens + excluded.completionTokens > 0)`;

const HAS_TOKENS = ["promptTokens", "completionTokens", ...TOKEN_KINDS.map(([, name]) => name)]
  .map((name) => `s.${name} > 0`)
  .join(" OR ");

/**
 * Where a client's cost is from. A figure that nobody vouches for counts as computed: it may come from an old client's
 * price table, and `reported` would make it final. 0 for a response with tokens is no figure (a subscription, a model
 * that the agent does not know). Without a figure it is unknown, or '' where there is nothing to price.
 */
const CLIENT_COST_SOURCE = `CASE
    WHEN s.costSource = 'reported' AND s.cost = 0 AND (${HAS_TOKENS}) THEN 'unknown'
    WHEN s.costSource IN ('reported', 'computed') AND s.cost IS NOT NULL THEN s.costSource
    WHEN s.costSource IS NULL AND s.cost > 0 THEN 'computed'
    WHEN s.costSource = 'unknown' OR ${HAS_TOKENS} THEN 'unknown' ELSE '' END`;

/** Whether the server has priced a staged item: it does so where no agent has reported a cost. */
const IS_PRICED = "s.price IS NOT NULL";
const IS_COMPUTED = `${CLIENT_COST_SOURCE} = 'computed'`;

/** SQL: whether a staged item says anything of its cost. */
export const SAYS_COST = `${CLIENT_COST_SOURCE} <> ''`;

/** The bits of `stated` that say where the money of an item comes from. */
export const MONEY_BITS: readonly (readonly [bit: number, condition: string])[] = [
  [STATED.priced, IS_PRICED],
  [STATED.ownCost, IS_COMPUTED],
];

/** How well a cost is known: by the agent, by our own prices or sums, by a client's. */
const rank = (row: string) => `CASE ${row}.costSource WHEN 'reported' THEN 4
    WHEN 'computed' THEN iif(${row}.stated & ${STATED.priced | STATED.summedCost}, 3, 2) WHEN 'unknown' THEN 1 ELSE 0 END`;

/**
 * Money in USD and its source: what is known better wins, among equals the last. What a client has computed is kept
 * beside it, for the case that the price list does not know the model, or not any more.
 */
export function cost(row: string): Column[] {
  const isBetter = `excluded.costSource <> '' AND ${rank("excluded")} >= ${rank(row)}`;
  const take = (name: string) => `iif(${isBetter}, excluded.${name}, ${row}.${name})`;
  const figure = `coalesce(s.price, iif(${CLIENT_COST_SOURCE} IN ('reported', 'computed'), s.cost, 0))`;
  return [
    { name: "cost", value: figure, partial: take("cost") },
    {
      name: "costSource",
      value: `iif(${IS_PRICED}, 'computed', ${CLIENT_COST_SOURCE})`,
      partial: take("costSource"),
    },
    {
      name: "ownCost",
      value: `iif(${IS_COMPUTED}, s.cost, 0)`,
      partial: `iif(excluded.stated & ${STATED.ownCost}, excluded.ownCost, ${row}.ownCost)`,
    },
  ];
}

/**
 * When the item came into being. A stated time replaces a guess and otherwise only moves to earlier; a snapshot's
 * replaces. A snapshot that states none leaves the time that is there as a guess.
 * @param guess SQL of the time when nobody states one
 */
export function createdAt(row: string, guess: string, replaces: string): Column {
  const isStated = `excluded.stated & ${STATED.createdAt}`;
  return {
    name: "createdAt",
    value: `iif(s.createdAt >= 0.5, ${whole("s.createdAt")}, ${guess})`,
    partial: `CASE WHEN NOT (${isStated}) THEN ${row}.createdAt
    WHEN ${row}.stated & ${STATED.createdAt} THEN min(${row}.createdAt, excluded.createdAt) ELSE excluded.createdAt END`,
    snapshot: `iif(${replaces} AND ${isStated}, excluded.createdAt, ${row}.createdAt)`,
  };
}

/** The columns that make an item a snapshot: its hash, and how many places are masked, which only ever grows for one content. */
export function snapshotMarks(row: string, replaces: string): Column[] {
  return [
    { name: "hash", value: whole("s.hash"), partial: `${row}.hash` },
    {
      name: "redacted",
      value: whole("s.redacted"),
      partial: `max(excluded.redacted, ${row}.redacted)`,
      snapshot: `CASE WHEN excluded.hash = ${row}.hash THEN max(excluded.redacted, ${row}.redacted)
    WHEN ${replaces} THEN excluded.redacted ELSE ${row}.redacted END`,
    },
  ];
}
