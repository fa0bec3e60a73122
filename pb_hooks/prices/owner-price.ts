import { execute, queryAll } from "../lib/vm.ts";
import { noteMeaningsAnew, type ReportedName } from "./look-up.ts";
import { type Repriced, reprice } from "./reprice.ts";

/** A name in the form of the list; provider "" is whoever sells it. */
export interface PriceName {
  readonly provider: string;
  readonly model: string;
}

/** USD per million tokens. */
export interface OwnerRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
}

const micro = (name: string) => `CAST(round({:${name}} * 1e6) AS INTEGER)`;

/** The owner's price counts for every tier and every size of request. */
const SET_RATE = `INSERT INTO price_rates (origin, provider, model, tier, validFrom, above, shownModel,
  input, output, cacheRead, cacheWrite, cacheWrite1h)
SELECT 'owner', {:provider}, {:model}, '*', 0, -1, {:model},
  ${["input", "output", "cacheRead", "cacheWrite", "cacheWrite1h"].map(micro).join(", ")} WHERE true
ON CONFLICT DO UPDATE SET input = excluded.input, output = excluded.output, cacheRead = excluded.cacheRead,
  cacheWrite = excluded.cacheWrite, cacheWrite1h = excluded.cacheWrite1h`;

const REMOVE_RATE = "DELETE FROM price_rates WHERE origin = 'owner' AND provider = {:provider} AND model = {:model}";

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
