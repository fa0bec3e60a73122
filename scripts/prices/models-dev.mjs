/** @import { Figures, Rate } from "./price-table.mjs" */

/** Where the figures come from. */
export const MODELS_DEV = { name: "models.dev", url: "https://models.dev/api.json", license: "MIT" };

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

/**
 * The rates of text models in the source's JSON.
 * @param {unknown} answer
 * @returns {Rate[]}
 * @throws when it is not such a list
 */
export function readModelsDev(answer) {
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
