import { STATED } from "../sql/stated.ts";

// SQL that prices rows. Nothing here runs anything.

/** Names of columns, or SQL in their place, of what is priced. */
export interface Priced {
  readonly provider: string;
  readonly model: string;
  /** "''" where a price cannot depend on it. */
  readonly serviceTier: string;
  readonly createdAt: string;
  readonly input: string;
  readonly cacheRead: string;
  readonly cacheWrite: string;
  readonly cacheWrite1h: string;
  readonly output: string;
  /** Input tokens of the one request, which decide its size class; "0" for a sum over many. */
  readonly requestSize: string;
}

/** Nano-USD of the largest cost that a row may have: USD 1,000,000. */
const MAX_NANO = 1e15;

/** Tiers that are the ordinary one under another name. */
const ORDINARY_TIERS = ["", "standard", "default", "auto"].map((tier) => `'${tier}'`).join(", ");

/**
 * SQL of a price in USD; NULL when the list has none. Tokens of the reasoning are part of the output, those of a cache
 * with a long life part of what was written to the cache. Whole pico-USD are summed up and rounded once, to nano-USD.
 */
export function priceOf(of: Priced): string {
  const tier = `iif(lower(${of.serviceTier}) IN (${ORDINARY_TIERS}), '', lower(${of.serviceTier}))`;
  const longLived = `min(${of.cacheWrite1h}, ${of.cacheWrite})`;
  return `(SELECT iif(nano <= ${MAX_NANO}, nano / 1e9, NULL) FROM (
    SELECT CAST(round((${of.input} * p.input + ${of.cacheRead} * p.cacheRead
      + (${of.cacheWrite} - ${longLived}) * p.cacheWrite + ${longLived} * p.cacheWrite1h
      + ${of.output} * p.output) / 1000.0) AS INTEGER) AS nano
    FROM price_names n CROSS JOIN price_rates p
    WHERE n.provider = ${of.provider} AND n.model = ${of.model}
      AND p.origin = n.origin AND p.provider = n.rateProvider AND p.model = n.rateModel
      AND p.tier IN (${tier}, '*') AND p.validFrom <= ${of.createdAt} AND p.above < ${of.requestSize}
    ORDER BY p.validFrom DESC, p.above DESC LIMIT 1))`;
}

/** What is priced of a stored row. */
export function storedRow(table: "sessions" | "messages", row: string): Priced {
  const column = (name: string) => `${row}.${name}`;
  const isMessage = table === "messages";
  return {
    provider: column("provider"),
    model: column("model"),
    serviceTier: isMessage ? column("serviceTier") : "''",
    createdAt: column("createdAt"),
    input: column("tokensInput"),
    cacheRead: column("tokensCacheRead"),
    cacheWrite: column("tokensCacheWrite"),
    cacheWrite1h: column("tokensCacheWrite1h"),
    output: column("tokensOutput"),
    requestSize: isMessage ? column("promptTokens") : "0",
  };
}

/** SQL in the words of the index `messages_priced`, which serves only those who say the same. */
export function isUnreported(row: string): string {
  return `${row}.costSource <> 'reported' AND ${row}.costSource <> ''`;
}

/**
 * SQL: whether a stored row may have a price: nobody reported it, and its tokens are known by kind. Without the kinds
 * nobody knows how much came from a cache, at a tenth of the price.
 */
export function isPriceable(row: string): string {
  return `${isUnreported(row)} AND ${row}.stated & ${STATED.tokens}
    AND ${row}.promptTokens + ${row}.completionTokens > 0`;
}

/** SQL: whether nothing better than a price of its own tokens is known of a stored row, as the sum of a session's messages is. */
export function isUnsummed(row: string): string {
  return `NOT ${row}.stated & ${STATED.summedCost}`;
}

/** SQL: whether the server is asked for the price of a stored row. */
export function isOpen(row: string): string {
  return `${isPriceable(row)} AND ${isUnsummed(row)}`;
}

/** What a row is by its price, which may be none: then it has what a client has computed, or is unknown. */
const BY_PRICE = {
  cost: "coalesce(price, ownCost)",
  costSource: `iif(price IS NOT NULL OR stated & ${STATED.ownCost}, 'computed', 'unknown')`,
  stated: `iif(price IS NOT NULL, stated | ${STATED.priced}, stated & ~${STATED.priced})`,
};

const PRICED_COLUMNS = Object.keys(BY_PRICE).join(", ");
const PRICED_VALUES = Object.values(BY_PRICE).join(", ");
const DIFFERS = Object.entries(BY_PRICE)
  .map(([name, value]) => `${name} <> ${value}`)
  .join(" OR ");

/** The rows of `from` that have another price now. */
function differing(table: "sessions" | "messages", from: string): string {
  return `(SELECT r.rowid AS id, r.user, r.ownCost, r.cost, r.costSource, r.stated,
  ${priceOf(storedRow(table, "r"))} AS price ${from} LIMIT -1) WHERE ${DIFFERS}`;
}

/**
 * Prices stored rows by the list as it is now, and writes nothing where nothing changes.
 * @param from FROM and WHERE that give the rows as `r`
 * @param alsoSet what else is written of a row that changes, such as `syncedAt = {:stamp}`
 */
export function priceRows(table: "sessions" | "messages", from: string, ...alsoSet: readonly string[]): string {
  const prices = `(${PRICED_COLUMNS}) = (SELECT ${PRICED_VALUES}
  FROM (SELECT x.ownCost AS ownCost, x.stated AS stated, ${priceOf(storedRow(table, "x"))} AS price))`;
  // Rows are found by a list of them, because a join could be turned round into a walk through the whole table.
  return `UPDATE ${table} AS x SET ${[prices, ...alsoSet].join(", ")}
WHERE x.rowid IN (SELECT id FROM ${differing(table, from)})`;
}
