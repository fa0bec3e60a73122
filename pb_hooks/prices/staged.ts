import { whole } from "../sql/merge.ts";
import { IS_SNAPSHOT, type ListName } from "../sql/stage.ts";
import { isPriceable, isUnsummed, type Priced, priceOf, priceRows } from "./statements.ts";

// Prices of what a request brings. A snapshot is priced on the stage: the row is its content and nothing else, so it is
// written once, with its price. What partials have merged into is priced afterwards, by what the row has become.

const TOKENS = ["tokensInput", "tokensCacheRead", "tokensCacheWrite", "tokensOutput"];
const hasTokens = TOKENS.map((name) => `s.${name} > 0`).join(" OR ");
const isReported = "coalesce(s.costSource, '') = 'reported' AND s.cost > 0";

/** A staged snapshot whose price nobody reported. */
const isOpenSnapshot = `s.problem IS NULL AND ${IS_SNAPSHOT} AND s.tokens IS NOT NULL AND s.model <> ''
  AND NOT coalesce(${isReported}, 0) AND (${hasTokens})`;

function stagedItem(list: ListName): Priced {
  const size = TOKENS.slice(0, 3).map((name) => whole(`s.${name}`));
  const isMessage = list === "messages";
  return {
    provider: "coalesce(s.provider, '')",
    model: "s.model",
    serviceTier: isMessage ? "coalesce(s.serviceTier, '')" : "''",
    createdAt: "coalesce(s.createdAt, {:now})",
    input: whole("s.tokensInput"),
    cacheRead: whole("s.tokensCacheRead"),
    cacheWrite: whole("s.tokensCacheWrite"),
    cacheWrite1h: whole("s.tokensCacheWrite1h"),
    output: whole("s.tokensOutput"),
    requestSize: isMessage ? size.join(" + ") : "0",
  };
}

/** The rows that the partials of a request have merged into and that may have a price, as `r`. */
const MERGED: Readonly<Record<ListName, string>> = {
  sessions: `FROM temp.stage_touched t CROSS JOIN sessions r ON r.id = t.id
  WHERE r.hash = 0 AND ${isPriceable("r")}`,
  messages: `FROM temp.stage_messages s CROSS JOIN temp.stage_touched t ON t.externalId = s.sessionExternalId
    CROSS JOIN messages r ON r.session = t.id AND r.externalId = s.externalId
  WHERE s.problem IS NULL AND NOT coalesce(s.${IS_SNAPSHOT}, 0) AND r.hash = 0 AND ${isPriceable("r")}`,
};

/** The statements of one list. */
export interface Pricing {
  /** How many rows are to be priced (`open`), and of how many the name is new (`unnamed`). */
  readonly count: string;
  /** Names that nobody has looked up yet: `provider`, `model`. */
  readonly newNames: string;
  /** Prices them. */
  readonly price: string;
}

/** A row whose cost is a sum has no price of its own, but may lose the sum: its name is looked up as well. */
function pricing(row: string, from: string, price: string, isAsked = "1"): Pricing {
  const provider = `coalesce(${row}.provider, '')`;
  const isNew = `NOT EXISTS (SELECT 1 FROM price_names n WHERE n.provider = ${provider} AND n.model = ${row}.model)`;
  return {
    count: `SELECT coalesce(sum(${isAsked}), 0) AS open, coalesce(sum(${isNew}), 0) AS unnamed ${from}`,
    newNames: `SELECT DISTINCT ${provider} AS provider, ${row}.model ${from} AND ${isNew}`,
    price,
  };
}

function snapshots(list: ListName): Pricing {
  const from = `FROM temp.stage_${list} s WHERE ${isOpenSnapshot}`;
  const price = `UPDATE temp.stage_${list} AS x SET price = g.price
FROM (SELECT s.position, ${priceOf(stagedItem(list))} AS price ${from} LIMIT -1) g
WHERE x.position = g.position`;
  return pricing("s", from, price);
}

/** For the snapshots on the stage. Bind `now` to `price`. */
export const SNAPSHOTS = { sessions: snapshots("sessions"), messages: snapshots("messages") };

function partials(list: ListName): Pricing {
  const isAsked = isUnsummed("r");
  return pricing("r", MERGED[list], priceRows(list, `${MERGED[list]} AND ${isAsked}`), isAsked);
}

/** For the rows that partials have merged into. */
export const PARTIALS = { sessions: partials("sessions"), messages: partials("messages") };
