import { inRoot } from "../paths.mjs";

/**
 * USD per million tokens. What is missing costs what fresh input costs; `cacheWrite1h` what `cacheWrite` costs.
 * @typedef {{ input: number, output: number, cacheRead?: number, cacheWrite?: number, cacheWrite1h?: number }} Figures
 *
 * What one model costs from a day on (`from`, absent = ever), in a service tier (absent = the ordinary one), for
 * requests with more input than `above` tokens (absent = any).
 * @typedef {{ provider: string, model: string, from?: string, tier?: string, above?: number } & Figures} Rate
 *
 * @typedef {{ name: string, url: string, license: string, date: string }} Source
 * @typedef {{ date: string, unit: string, sources: Source[], rates: Rate[] }} PriceTable
 */

/** The price table that the server ships with. */
export const tableFile = inRoot("pb_hooks", "prices", "table.json");

const UNIT = "USD per million tokens";

/** A rate is told from the others of its table by these. */
const KEY = /** @type {const} */ (["provider", "model", "from", "tier", "above"]);
const FIGURES = /** @type {const} */ (["input", "output", "cacheRead", "cacheWrite", "cacheWrite1h"]);

/** The order of members in the file. @type {readonly string[]} */
const ORDER = [...KEY, ...FIGURES, "name", "url", "license", "date"];

/**
 * Brings the price table up to a source. Models that the source has dropped stay: archives are old. A figure that
 * changed begins a new price on that day; one that was not known before is added to what is there.
 * @param {PriceTable} table
 * @param {readonly Rate[]} freshRates those of the source
 * @param {Source} source with the day of its answer, YYYY-MM-DD
 * @returns {{ table: PriceTable, changes: string[] }} `changes`: a line each, for people
 * @throws when two rates would be of the same name
 */
export function refreshTable(table, freshRates, source) {
  const rates = table.rates.map((rate) => ({ ...rate }));
  /** @type {string[]} */
  const changes = [];
  for (const fresh of freshRates) {
    const known = newest(rates, fresh);
    if (!known) {
      rates.push(fresh);
      changes.push(`+ ${label(fresh)}: ${figures(fresh)}`);
    } else if (FIGURES.some((name) => known[name] !== undefined && known[name] !== fresh[name])) {
      changes.push(`~ ${label(fresh)}: ${figures(known)} -> ${figures(fresh)}`);
      if (known.from === source.date) Object.assign(known, fresh);
      else rates.push({ ...fresh, from: source.date });
    } else if (FIGURES.some((name) => known[name] !== fresh[name])) {
      changes.push(`~ ${label(fresh)}: ${figures(known)} completed to ${figures(fresh)}`);
      Object.assign(known, fresh);
    }
  }
  if (changes.length === 0) return { table, changes };
  rates.sort(compareRates);
  refuseAmbiguous(rates);
  const sources = [...table.sources.filter(({ name }) => name !== source.name), source];
  return { table: { date: source.date, unit: UNIT, sources, rates }, changes };
}

/**
 * The table as it is written to its file: a line for each rate, members in one order, so that a refresh reads as a diff.
 * @param {PriceTable} table
 */
export function formatTable({ date, unit, sources, rates }) {
  /** @param {Rate | Source} row */
  const line = (row) => {
    const members = Object.entries(row).sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
    return `    { ${members.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(", ")} }`;
  };
  return `{
  "date": ${JSON.stringify(date)},
  "unit": ${JSON.stringify(unit)},
  "sources": [
${sources.map(line).join(",\n")}
  ],
  "rates": [
${rates.map(line).join(",\n")}
  ]
}
`;
}

/**
 * @param {Rate[]} rates
 * @param {Rate} fresh
 */
function newest(rates, fresh) {
  const same = rates.filter((rate) => label(rate) === label(fresh));
  return same.sort((a, b) => (a.from ?? "").localeCompare(b.from ?? "")).at(-1);
}

/**
 * The server takes `4.1` and `4-1` for one name: agents write both.
 * @param {Rate[]} rates
 */
function refuseAmbiguous(rates) {
  const seen = new Map();
  for (const rate of rates) {
    const key = [label(rate).toLowerCase().replaceAll(".", "-"), rate.from].join(" ");
    const other = seen.get(key);
    if (other) throw new Error(`${label(rate)} and ${label(other)} would be the same name`);
    seen.set(key, rate);
  }
}

/** @param {Rate} rate */
function label({ provider, model, tier, above }) {
  return `${provider}/${model}${tier === undefined ? "" : ` (${tier})`}${above === undefined ? "" : ` above ${above}`}`;
}

/** @param {Figures} rate */
function figures(rate) {
  return FIGURES.map((name) => rate[name] ?? "-").join("/");
}

/** @type {(a: Rate, b: Rate) => number} */
function compareRates(a, b) {
  for (const name of KEY) {
    const [left, right] = [a[name] ?? "", b[name] ?? ""];
    if (left === right) continue;
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return 0;
}
