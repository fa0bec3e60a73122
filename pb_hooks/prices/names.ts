// What the names mean under which agents report models. A model is found by its whole name, never by a part of it: a
// wrong price is worse than none.

/** The names under which agents report who sells a model, for the names of the price list. */
const PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: "anthropic",
  claude: "anthropic",
  openai: "openai",
  "openai-codex": "openai",
  codex: "openai",
  google: "google",
  gemini: "google",
  xai: "xai",
  "x-ai": "xai",
  deepseek: "deepseek",
  moonshotai: "moonshotai",
  moonshot: "moonshotai",
  zai: "zai",
  "z-ai": "zai",
  alibaba: "alibaba",
  qwen: "alibaba",
  mistral: "mistral",
  mistralai: "mistral",
  meta: "meta",
  minimax: "minimax",
  xiaomi: "xiaomi",
};

/** Their models are sold by others too, at the same list price. Open models cost something else wherever they run. */
const SOLD_AT_LIST_PRICE = ["anthropic", "openai", "google", "xai"];

/** Marks of one request, not of another model: how much it may think, how much context it may have. */
const REQUEST_MARKS = /(?:\[1m\]|:(?:thinking|beta|latest))$/;

/** Names of platforms around the maker's own: `models/…`, `global.anthropic.…`. A region before it has its own price. */
const PLATFORM = /^(?:models\/|(?:global\.)?(?:anthropic|openai|deepseek|mistral|xai|qwen|meta|minimax)\.)/;

/** `-20250929`, `-2025-09-29`, `@20250929`, and the version that Amazon's platform adds. */
const DATE = /[-@]20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])$/;
const PLATFORM_VERSION = /-v\d+(?::\d+)?$/;

/** Longer names are none. */
const MAX_LENGTH = 200;

/** Where the price of a model may stand in the list. */
export interface Candidates {
  /** Who may sell it; [] = whoever is the only one that has it. */
  readonly providers: readonly string[];
  /** Its name in several forms: the first that is in the list counts. */
  readonly models: readonly string[];
  /** The provider as reported, or as the model's name tells it; "" when nobody does. */
  readonly provider: string;
}

/**
 * Where to look for the price of a model.
 * @param provider as the agent reported it, or ""
 * @param model as the agent reported it
 * @returns undefined when it is no name of a model, such as `<synthetic>`
 */
export function candidatesOf(provider: string, model: string): Candidates | undefined {
  const whole = model.trim().toLowerCase();
  if (whole === "" || whole.length > MAX_LENGTH || /^[<[(]/.test(whole)) return undefined;
  const path = whole.replace(PLATFORM, "").split("/");
  const name = path.pop() ?? "";
  const owners = path.filter((part) => part !== "");
  const seller = provider.trim().toLowerCase() || (owners[0] ?? "");
  // `openrouter/anthropic/…`: the last one before the name made the model, the first one sells it.
  const maker = owners.length > 0 ? PROVIDERS[owners.at(-1) ?? ""] : undefined;
  const models = namesOf(name);
  if (models.length === 0) return undefined;
  return { providers: sellers(seller, maker), models, provider: PROVIDERS[seller] ?? seller };
}

/** A name in the form of the list: as it is, without the version of a platform, without its date. */
export function namesOf(name: string): string[] {
  const plain = name.trim().toLowerCase().replace(REQUEST_MARKS, "");
  const unversioned = plain.replace(PLATFORM_VERSION, "");
  const names = [plain, unversioned, unversioned.replace(DATE, "")].map((each) => each.replaceAll(".", "-"));
  return [...new Set(names)].filter((each) => each !== "");
}

/** A provider in the form of the list. */
export function providerName(provider: string): string {
  const name = provider.trim().toLowerCase();
  return PROVIDERS[name] ?? name;
}

function sellers(seller: string, maker: string | undefined): readonly string[] {
  if (seller === "") return [];
  const own = PROVIDERS[seller];
  if (own !== undefined) return maker === undefined || maker === own ? [own] : [NOBODY];
  if (maker === undefined) return SOLD_AT_LIST_PRICE;
  return SOLD_AT_LIST_PRICE.includes(maker) ? [maker] : [NOBODY];
}

/** Stands for a seller whose prices are not in the list. */
const NOBODY = "?";
