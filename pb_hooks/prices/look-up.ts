import { execute, queryAll, queryOne } from "../lib/vm.ts";
import { type Candidates, candidatesOf } from "./names.ts";

/** A model as an agent names it. */
export interface ReportedName {
  readonly provider: string;
  readonly model: string;
}

/** Which rates a name means; all "" when the list has none. */
interface Meaning {
  readonly origin: string;
  readonly rateProvider: string;
  readonly rateModel: string;
}

const NONE: Meaning = { origin: "", rateProvider: "", rateModel: "" };

const SAVE_MEANINGS = `INSERT INTO price_names (provider, model, origin, rateProvider, rateModel)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each({:names}) WHERE true
ON CONFLICT DO UPDATE SET origin = excluded.origin, rateProvider = excluded.rateProvider, rateModel = excluded.rateModel
WHERE excluded.origin <> origin OR excluded.rateProvider <> rateProvider OR excluded.rateModel <> rateModel`;

/** Every rate whose model has one of these names. Bind `models`: JSON list. */
const FIND_RATES = `SELECT DISTINCT origin, provider AS rateProvider, model AS rateModel
FROM price_rates WHERE model IN (SELECT value FROM json_each({:models}))`;

/** Notes what names mean, now and for the next time. */
export function noteMeanings(txApp: core.App, names: readonly ReportedName[]): void {
  const rows = names.map(({ provider, model }) => {
    const { origin, rateProvider, rateModel } = meaningOf(txApp, { provider, model });
    return [provider, model, origin, rateProvider, rateModel];
  });
  execute(txApp, SAVE_MEANINGS, { names: JSON.stringify(rows) });
}

/** What a name means: the owner's price before the list's, for this provider before any. */
function meaningOf(txApp: core.App, { provider, model }: ReportedName): Meaning {
  const candidates = candidatesOf(provider, model);
  if (!candidates) return NONE;
  const rates = queryAll(txApp, FIND_RATES, { models: JSON.stringify(candidates.models) }, { ...NONE });
  const found = rates.map(({ origin, rateProvider, rateModel }) => ({ origin, rateProvider, rateModel }));
  const listed = listPrice(found, candidates);
  const sellers = [candidates.provider, ...candidates.providers, listed?.rateProvider ?? "", ""];
  return ownersPrice(found, candidates.models, sellers) ?? listed ?? NONE;
}

function ownersPrice(
  rates: readonly Meaning[],
  models: readonly string[],
  sellers: readonly string[],
): Meaning | undefined {
  const owners = rates.filter(({ origin }) => origin === "owner");
  for (const rateModel of models) {
    for (const rateProvider of sellers) {
      const rate = owners.find((each) => each.rateModel === rateModel && each.rateProvider === rateProvider);
      if (rate) return rate;
    }
  }
  return undefined;
}

function listPrice(rates: readonly Meaning[], { providers, models }: Candidates): Meaning | undefined {
  const listed = rates.filter(({ origin, rateProvider }) => {
    return origin === "list" && (providers.length === 0 || providers.includes(rateProvider));
  });
  for (const rateModel of models) {
    const found = listed.filter((each) => each.rateModel === rateModel);
    // Two sellers with one name for it, and nobody says which.
    if (found.length > 1) return undefined;
    if (found[0]) return found[0];
  }
  return undefined;
}

/** Looks up anew what every name means that was ever looked up, and returns them. */
export function noteMeaningsAnew(txApp: core.App): ReportedName[] {
  const names = knownNames(txApp);
  noteMeanings(txApp, names);
  return names;
}

function knownNames(txApp: core.App): ReportedName[] {
  const count = queryOne(txApp, "SELECT count(*) AS n FROM price_names", {}, { n: 0 })?.n ?? 0;
  const names = queryAll(txApp, "SELECT provider, model FROM price_names", {}, { provider: "", model: "" });
  if (names.length !== count) throw new Error(`${count} names of models, but ${names.length} could be read`);
  return names.map(({ provider, model }) => ({ provider, model }));
}
