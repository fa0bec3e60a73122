import { execute, queryAll, queryOne } from "../lib/vm.ts";
import { noteMeaningsAnew, type ReportedName } from "./look-up.ts";
import { type Repriced, reprice } from "./reprice.ts";

/** A name in the form of the list; provider "" is whoever sells it. */
export interface PriceName {
  readonly provider: string;
  readonly model: string;
}

/** USD per million tokens. */
export type OwnerRates = Readonly<Record<(typeof RATE_KINDS)[number], number>>;

/** What the owner has set for a model. */
export type OwnerPrice = PriceName & OwnerRates;

const micro = (name: string) => `CAST(round({:${name}} * 1e6) AS INTEGER)`;

/** The kinds of tokens that have a rate. */
export const RATE_KINDS = ["input", "output", "cacheRead", "cacheWrite", "cacheWrite1h"] as const;

/** USD per million tokens: more is a mistake of unit. */
export const MAX_RATE = 10_000;

/** Of a model and a provider, in characters. */
export const MAX_NAME_LENGTH = 200;

/** The owner's price counts for every tier and every size of request. */
const ADD_RATE = `INSERT INTO price_rates (origin, provider, model, tier, validFrom, above, shownModel, ${RATE_KINDS.join(", ")})
SELECT 'owner', {:provider}, {:model}, '*', 0, -1, {:model}, ${RATE_KINDS.map(micro).join(", ")} WHERE true
ON CONFLICT DO`;

const ADD_MISSING_RATE = `${ADD_RATE} NOTHING`;
const SET_RATE = `${ADD_RATE} UPDATE SET ${RATE_KINDS.map((kind) => `${kind} = excluded.${kind}`).join(", ")}`;

const REMOVE_RATE = "DELETE FROM price_rates WHERE origin = 'owner' AND provider = {:provider} AND model = {:model}";

const FIND_RATE =
  "SELECT 1 AS n FROM price_rates WHERE origin = 'owner' AND provider = {:provider} AND model = {:model}";

const NAMES_OF_RATE = `SELECT provider, model FROM price_names
WHERE origin = 'owner' AND rateProvider = {:provider} AND rateModel = {:model}`;

/** A list whose digest is not its own is taken in anew at the next start, so that nothing stays half done. */
const BEGIN = "UPDATE price_list SET digest = '~' || digest";
const END = "UPDATE price_list SET digest = ltrim(digest, '~')";

/** Sets the owner's price of a model and prices again what it concerns. */
export function setOwnerPrice(app: core.App, { provider, model }: PriceName, rates: OwnerRates): Repriced {
  return change(app, (txApp) => {
    execute(txApp, SET_RATE, { provider, model, ...rates });
    noteMeaningsAnew(txApp);
    return namesOf(txApp, { provider, model });
  });
}

/**
 * Sets prices of the owner for models that have none, and prices again what they concern.
 * @returns how many were set
 */
export function addOwnerPrices(app: core.App, prices: readonly OwnerPrice[]): number {
  const open = prices.filter(({ provider, model }) => !queryOne(app, FIND_RATE, { provider, model }, { n: 0 }));
  // Pricing again looks at every session.
  if (open.length === 0) return 0;
  let added = 0;
  change(app, (txApp) => {
    for (const price of open) added += execute(txApp, ADD_MISSING_RATE, { ...price });
    noteMeaningsAnew(txApp);
    return open.flatMap((price) => namesOf(txApp, price));
  });
  return added;
}

/**
 * Removes the owner's price of a model and prices again what it concerned, by the list.
 * @returns undefined when there is none
 */
export function removeOwnerPrice(app: core.App, { provider, model }: PriceName): Repriced | undefined {
  let isThere = false;
  const repriced = change(app, (txApp) => {
    const names = namesOf(txApp, { provider, model });
    isThere = execute(txApp, REMOVE_RATE, { provider, model }) > 0;
    if (isThere) noteMeaningsAnew(txApp);
    return names;
  });
  return isThere ? repriced : undefined;
}

/** The names whose price an owner's rate is. */
function namesOf(txApp: core.App, { provider, model }: PriceName): ReportedName[] {
  const names = queryAll(txApp, NAMES_OF_RATE, { provider, model }, { provider: "", model: "" });
  return names.map((name) => ({ provider: name.provider, model: name.model }));
}

function change(app: core.App, run: (txApp: core.App) => ReportedName[]): Repriced {
  let names: ReportedName[] = [];
  app.runInTransaction((txApp) => {
    execute(txApp, BEGIN, {});
    names = run(txApp);
  });
  const repriced = reprice(app, names);
  execute(app, END, {});
  return repriced;
}
