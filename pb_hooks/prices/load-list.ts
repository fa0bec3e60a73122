import { execute, queryOne } from "../lib/vm.ts";
import { noteMeaningsAnew, type ReportedName } from "./look-up.ts";
import { reprice } from "./reprice.ts";

/** Takes in the shipped list: USD per million tokens as micro-USD; what has no price of its own costs what input costs. */
const LOAD_RATES = `INSERT INTO price_rates (origin, provider, model, tier, validFrom, above,
  input, output, cacheRead, cacheWrite, cacheWrite1h, shownModel)
SELECT 'list', r ->> 'provider', replace(lower(r ->> 'model'), '.', '-'), coalesce(r ->> 'tier', ''),
  coalesce(unixepoch(r ->> 'from') * 1000, 0), coalesce(r ->> 'above', -1),
  ${["input", "output"].map((name) => micro(`r ->> '${name}'`)).join(", ")},
  ${micro("coalesce(r ->> 'cacheRead', r ->> 'input')")},
  ${micro("coalesce(r ->> 'cacheWrite', r ->> 'input')")},
  ${micro("coalesce(r ->> 'cacheWrite1h', r ->> 'cacheWrite', r ->> 'input')")},
  r ->> 'model'
FROM (SELECT value AS r FROM json_each({:list}, '$.rates'))`;

const LOAD_LIST = `INSERT INTO price_list (id, digest, date, sources)
SELECT 1, {:digest}, list ->> 'date', list -> 'sources' FROM (SELECT {:list} AS list) WHERE true
ON CONFLICT DO UPDATE SET digest = excluded.digest, date = excluded.date, sources = excluded.sources`;

/**
 * Takes in the price list that this version ships with, and prices all rows by it, if it is another one than before.
 * The list is noted last, so that a start that is cut off does all of it again.
 */
export function loadPriceList(app: core.App): void {
  const list = toString($os.readFile(`${__hooks}/prices/table.json`));
  const digest = $security.sha256(list);
  const known = queryOne(app, "SELECT digest FROM price_list", {}, { digest: "" });
  if (known?.digest === digest) return;
  let names: ReportedName[] = [];
  app.runInTransaction((txApp) => {
    execute(txApp, "DELETE FROM price_rates WHERE origin = 'list'", {});
    execute(txApp, LOAD_RATES, { list });
    names = noteMeaningsAnew(txApp);
  });
  const { messages, sessions } = reprice(app, names);
  execute(app, LOAD_LIST, { list, digest });
  if (messages + sessions > 0) console.log(`New prices: ${messages} messages and ${sessions} sessions changed.`);
}

function micro(usd: string): string {
  return `CAST(round((${usd}) * 1e6) AS INTEGER)`;
}
