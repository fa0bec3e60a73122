import type { SetPriceAnswer } from "@opensync/client";
import { badRequest, notFound } from "../lib/errors.ts";
import { type Fields, readFields } from "../lib/fields.ts";
import { guard, guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireOwner, requireReader } from "../lib/reader.ts";
import { respondJson, respondQuery } from "../lib/respond.ts";
import { namesOf, providerName } from "../prices/names.ts";
import {
  MAX_NAME_LENGTH,
  MAX_RATE,
  type OwnerRates,
  type PriceName,
  RATE_KINDS,
  removeOwnerPrice,
  setOwnerPrice,
} from "../prices/owner-price.ts";
import { usageOfAllTime } from "../reading/usage.ts";
import { usageSql } from "../reading/usage-sql.ts";

const RATE = { min: 0, max: MAX_RATE };

const usd = (name: string) => `'${name}', ${name} / 1e6`;

/**
 * The table in effect, and what of the user's own it does not know.
 * @param usage statement of the user's usage, as `json`. Bind what it binds
 */
const listPrices = (usage: string) => `SELECT json_object(
  'date', coalesce((SELECT date FROM price_list), ''),
  'sources', json(coalesce((SELECT sources FROM price_list), '[]')),
  -- A patch drops what is null in it.
  'prices', (SELECT json_group_array(json_patch(json_object('provider', provider, 'model', shownModel, 'origin', origin,
      ${RATE_KINDS.map(usd).join(", ")}),
      json_object('tier', iif(tier IN ('', '*'), NULL, tier), 'above', iif(above < 0, NULL, above),
        'from', iif(validFrom = 0, NULL, date(validFrom / 1000, 'unixepoch')))))
    FROM (SELECT * FROM price_rates ORDER BY origin DESC, provider, model, tier, validFrom, above)),
  'unpriced', (SELECT json_extract(json, '$.unpricedModels') FROM (${usage}))
) AS json`;

/** `GET /api/prices`: the prices by which the server prices what no agent reported, and the models without one. */
export function handleListPrices(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { shape, bindings } = usageOfAllTime(e.app, requireReader(e).userId);
    respondQuery(e, listPrices(usageSql(shape)), bindings);
  });
}

/**
 * `PUT /api/prices/{model} {provider?, input, output, cacheRead?, cacheWrite?, cacheWrite1h?}` by the owner: sets a price
 * for everybody on this server and prices again what was priced otherwise. `{model}` may be `provider/model`.
 */
export function handleSetPrice(e: core.RequestEvent): void {
  guard(e, () => {
    requireOwner(e);
    const fields = readFields(e);
    const name = priceName(e, fields.text("provider", MAX_NAME_LENGTH));
    const { messages, sessions } = setOwnerPrice(e.app, name, readRates(fields));
    const answer: SetPriceAnswer = { ...name, changed: { sessions, messages } };
    respondJson(e, answer);
  });
}

/** `DELETE /api/prices/{model}?provider=` by the owner: back to the shipped list. */
export function handleRemovePrice(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    requireOwner(e);
    const name = priceName(e, new Parameters(e).text("provider", MAX_NAME_LENGTH));
    const repriced = removeOwnerPrice(e.app, name);
    if (!repriced)
      throw notFound(`You have set no price for ${name.provider === "" ? "" : `${name.provider}/`}${name.model}.`);
    const answer: SetPriceAnswer = { ...name, changed: repriced };
    respondJson(e, answer);
  });
}

function priceName(e: core.RequestEvent, provider: string): PriceName {
  const path = (e.request?.pathValue("model") ?? "").split("/");
  const model = namesOf(path.pop() ?? "")[0] ?? "";
  if (model === "" || model.length > MAX_NAME_LENGTH)
    throw badRequest(`model: expected the name of a model, at most ${MAX_NAME_LENGTH} characters`);
  return { provider: providerName(provider || (path[0] ?? "")), model };
}

function readRates(fields: Fields): OwnerRates {
  const needed = (name: string) => {
    const rate = fields.decimal(name, RATE);
    if (rate === undefined) throw badRequest(`${name}: expected USD per million tokens`);
    return rate;
  };
  const [input, output] = [needed("input"), needed("output")];
  const cacheWrite = fields.decimal("cacheWrite", RATE) ?? input;
  return {
    input,
    output,
    cacheRead: fields.decimal("cacheRead", RATE) ?? input,
    cacheWrite,
    cacheWrite1h: fields.decimal("cacheWrite1h", RATE) ?? cacheWrite,
  };
}
