import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inRoot } from "./paths.mjs";

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

/** Where the figures come from. */
const SOURCE = { name: "models.dev", url: "https://models.dev/api.json", license: "MIT" };

/** Who publishes a price list for models of their own: the names are those of the source. */
const PROVIDERS = ["alibaba", "anthropic", "deepseek", "google", "meta", "minimax", "mistral"].concat([
  "moonshotai",
  "openai",
  "xai",
  "xiaomi",
  "zai",
]);

/** Without one of these an answer is not the list that it should be. */
const EXPECTED = ["anthropic", "google", "openai"];

/** No list price of a text model is higher; a larger one is a mistake of unit. */
const MAX_USD = 10_000;

const UNIT = "USD per million tokens";

/** A rate is told from the others of its table by these. */
const KEY = /** @type {const} */ (["provider", "model", "from", "tier", "above"]);
const FIGURES = /** @type {const} */ (["input", "output", "cacheRead", "cacheWrite", "cacheWrite1h"]);

/** The order of members in the file. @type {readonly string[]} */
const ORDER = [...KEY, ...FIGURES, "name", "url", "license", "date"];

/**
 * Brings the price table up to a source's answer. Models that the source has dropped stay: archives are old. A figure
 * that changed begins a new price on that day; one that was not known before is added to what is there.
 * @param {PriceTable} table
 * @param {unknown} answer the source's JSON
 * @param {Source} source with the day of the answer, YYYY-MM-DD
 * @returns {{ table: PriceTable, changes: string[] }} `changes`: a line each, for people
 * @throws when the answer is not such a list
 */
export function refresh(table, answer, source) {
  const rates = table.rates.map((rate) => ({ ...rate }));
  /** @type {string[]} */
  const changes = [];
  for (const fresh of readAnswer(answer)) {
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
 * The rates of text models in the source's JSON.
 * @param {unknown} answer
 * @returns {Rate[]}
 */
function readAnswer(answer) {
  const providers = objectOf(answer, "the answer");
  for (const name of EXPECTED) {
    if (providers[name] === undefined) throw new Error(`the answer has no ${name}: it is not the list of prices`);
  }
  return PROVIDERS.filter((provider) => providers[provider] !== undefined).flatMap((provider) => {
    const models = objectOf(objectOf(providers[provider], provider)["models"], `models of ${provider}`);
    return Object.keys(models).flatMap((model) => readModel(provider, model, models[model]));
  });
}

/**
 * @param {string} provider
 * @param {string} model
 * @param {unknown} value
 * @returns {Rate[]}
 */
function readModel(provider, model, value) {
  const name = `${provider}/${model}`;
  const { cost, modalities, experimental } = objectOf(value, name);
  if (cost === undefined || cost === null || !writesText(modalities)) return [];
  const ordinary = readFigures(cost, provider, name);
  // A list price of nothing is that of a subscription or of a model that is not sold. One whose thinking costs another
  // price than its words cannot be priced by the one count of output.
  if (ordinary.input + ordinary.output === 0 || ordinary.output === 0 || hasPriceOfThinking(cost)) return [];
  const base = { provider, model };
  return [
    { ...base, ...ordinary },
    ...readSizes(cost, name).map(([above, figures]) => ({ ...base, above, ...readFigures(figures, provider, name) })),
    ...readTiers(experimental, name).map(([tier, figures]) => ({
      ...base,
      tier,
      ...readFigures(figures, provider, name),
    })),
  ];
}

/** @param {unknown} modalities */
function writesText(modalities) {
  if (modalities === undefined || modalities === null) return true;
  const output = objectOf(modalities, "modalities")["output"];
  return !Array.isArray(output) || (output.includes("text") && !output.includes("audio") && !output.includes("image"));
}

/** @param {unknown} cost */
function hasPriceOfThinking(cost) {
  const { reasoning, output } = objectOf(cost, "cost");
  return reasoning !== undefined && reasoning !== output;
}

/**
 * Prices by the size of a request.
 * @param {unknown} cost
 * @param {string} name
 * @returns {[above: number, figures: unknown][]}
 */
function readSizes(cost, name) {
  const { tiers, context_over_200k: over200k } = objectOf(cost, name);
  if (Array.isArray(tiers)) {
    return tiers.map((value) => {
      const figures = objectOf(value, name);
      return [numberOf(objectOf(figures["tier"], `${name} tier`)["size"], `${name} tier.size`, 1e9), figures];
    });
  }
  return over200k === undefined ? [] : [[200_000, over200k]];
}

/**
 * Prices of other service tiers, under every name that an agent may report for them.
 * @param {unknown} experimental
 * @param {string} name
 * @returns {[tier: string, figures: unknown][]}
 */
function readTiers(experimental, name) {
  if (experimental === undefined || experimental === null) return [];
  const modes = Object.entries(objectOf(objectOf(experimental, name)["modes"] ?? {}, `${name} modes`));
  return modes.flatMap(([mode, value]) => {
    const { cost, provider } = objectOf(value, `${name} ${mode}`);
    if (cost === undefined) return [];
    const body = objectOf(objectOf(provider ?? {}, name)["body"] ?? {}, name);
    const tier = body["service_tier"];
    const names = new Set([mode, ...(typeof tier === "string" ? [tier] : [])]);
    return [...names].map((each) => /** @type {[string, unknown]} */ ([each.toLowerCase(), cost]));
  });
}

/**
 * @param {unknown} value
 * @param {string} provider
 * @param {string} name
 * @returns {Figures}
 */
function readFigures(value, provider, name) {
  const cost = objectOf(value, name);
  /** @param {string} member */
  const figure = (member) => (cost[member] === undefined ? 0 : numberOf(cost[member], `${name} ${member}`, MAX_USD));
  const [input, output] = ["input", "output"].map((member) => numberOf(cost[member], `${name} ${member}`, MAX_USD));
  const cacheRead = figure("cache_read");
  // Writing into a cache is never cheaper than plain input: a smaller figure is the list's own mistake.
  const cacheWrite = figure("cache_write") < (input ?? 0) ? 0 : figure("cache_write");
  // Anthropic: writing into the cache for an hour costs twice the input, whatever the model. No list names it.
  const cacheWrite1h = provider === "anthropic" && cacheWrite > 0 ? (input ?? 0) * 2 : 0;
  // 0 is how lists say that there is no such price.
  return {
    input: input ?? 0,
    output: output ?? 0,
    ...(cacheRead > 0 ? { cacheRead } : {}),
    ...(cacheWrite > 0 ? { cacheWrite } : {}),
    ...(cacheWrite1h > 0 ? { cacheWrite1h } : {}),
  };
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Record<string, unknown>}
 */
function objectOf(value, name) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`${name}: expected an object, got ${JSON.stringify(value)?.slice(0, 40)}`);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} max
 */
function numberOf(value, name, max) {
  if (typeof value === "number" && value >= 0 && value <= max) return value;
  throw new Error(`${name}: expected a number from 0 to ${max}, got ${JSON.stringify(value)?.slice(0, 40)}`);
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

/**
 * Asks the source and rewrites the file. Whatever goes wrong, the file stays as it was.
 * @param {{ file: string, url: string, today: string }} options
 * @returns {Promise<string[]>} what changed
 */
export async function refreshFile({ file, url, today }) {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = await response.text();
  const answer = parseJson(text, url);
  const { table, changes } = refresh(JSON.parse(readFileSync(file, "utf8")), answer, { ...SOURCE, url, date: today });
  if (changes.length > 0) {
    writeFileSync(`${file}.new`, formatTable(table));
    renameSync(`${file}.new`, file);
  }
  return changes;
}

/**
 * @param {string} text
 * @param {string} url
 * @returns {unknown}
 */
function parseJson(text, url) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url} answered no JSON: ${text.slice(0, 60)}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const changes = await refreshFile({
    file: tableFile,
    url: SOURCE.url,
    today: new Date().toISOString().slice(0, 10),
  });
  console.log(changes.length === 0 ? "The price table is up to date." : changes.join("\n"));
}
