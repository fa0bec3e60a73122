import { queryAll } from "../../lib/vm.ts";
import { namesOf, providerName } from "../../prices/names.ts";
import { MAX_NAME_LENGTH, MAX_RATE, type OwnerPrice, RATE_KINDS } from "../../prices/owner-price.ts";

// The prices that the owner of a server has set, in the archive of the owner's account.

/** All `{"price": {…}}` lines: `{text, prices}`; nothing for a member. Bind `user`. */
export const PRICE_LINES = `SELECT coalesce(group_concat('{"price":' || json_object('provider', provider, 'model', model,
    ${RATE_KINDS.map((kind) => `'${kind}', ${kind} / 1e6`).join(", ")}) || '}' || char(10), '' ORDER BY provider, model), '') AS text,
  count(*) AS prices
FROM price_rates WHERE origin = 'owner' AND EXISTS (SELECT 1 FROM users WHERE id = {:user} AND role = 'owner')`;

const textOf = (name: string) =>
  `iif(json_type(o, '$.${name}') = 'text' AND length(o ->> '${name}') <= ${MAX_NAME_LENGTH}, o ->> '${name}', '')`;

/** Micro-USD, since numbers are read as whole ones; -1 for what is no price. */
const rateOf = (kind: string) => `iif(json_type(o, '$.${kind}') IN ('integer', 'real')
  AND o ->> '${kind}' BETWEEN 0 AND ${MAX_RATE}, CAST(round((o ->> '${kind}') * 1e6) AS INTEGER), -1)`;

/** Bind `prices`: JSON list. */
const READ_PRICES = `SELECT ${textOf("provider")} AS provider, ${textOf("model")} AS model,
  ${RATE_KINDS.map((kind) => `${rateOf(kind)} AS ${kind}`).join(", ")}
FROM (SELECT iif(type = 'object', value, NULL) AS o FROM json_each({:prices}) LIMIT -1)`;

/** Prices as an archive has them, and what is wrong with the others. */
export interface ArchivedPrices {
  readonly prices: readonly OwnerPrice[];
  readonly problems: string[];
}

/** @param list of the values of the lines, JSON */
export function readPrices(app: core.App, list: string): ArchivedPrices {
  const shape = { provider: "", model: "", input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 };
  const prices: OwnerPrice[] = [];
  const problems: string[] = [];
  for (const row of queryAll(app, READ_PRICES, { prices: list }, shape)) {
    const model = namesOf(row.model)[0] ?? "";
    const wrong = RATE_KINDS.find((kind) => row[kind] < 0);
    if (model === "") problems.push("prices: model: expected the name of a model");
    else if (wrong) problems.push(`prices ${model}: ${wrong}: expected USD per million tokens, 0 to ${MAX_RATE}`);
    else {
      const usd = (kind: (typeof RATE_KINDS)[number]) => row[kind] / 1e6;
      prices.push({
        ...{ provider: providerName(row.provider), model, input: usd("input"), output: usd("output") },
        ...{ cacheRead: usd("cacheRead"), cacheWrite: usd("cacheWrite"), cacheWrite1h: usd("cacheWrite1h") },
      });
    }
  }
  return { prices, problems };
}
