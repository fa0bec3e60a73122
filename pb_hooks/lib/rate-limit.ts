import { tooManyRequests } from "./errors.ts";
import { env } from "./vm.ts";

/** How much of something one caller may do in a window of time. */
interface RateLimit {
  readonly name: string;
  /** Words for the log and the answer. */
  readonly what: string;
  readonly max: number;
  readonly windowMs: number;
}

/** Wrong passwords from one network: of an account at its sign-in, of setup links. */
export const FAILED_SIGN_INS: RateLimit = {
  name: "signIns",
  what: "failed sign-ins",
  max: 20,
  windowMs: 5 * 60 * 1000,
};

/** Wrong passwords of somebody who is signed in, and is asked again: whoever took the token over does not know it. */
export const FAILED_CONFIRMATIONS: RateLimit = {
  name: "confirmations",
  what: "wrong passwords",
  max: 10,
  windowMs: 5 * 60 * 1000,
};

/** Keys from one network that are none. */
export const FAILED_KEYS: RateLimit = { name: "keys", what: "invalid API keys", max: 100, windowMs: 60 * 1000 };

/**
 * Requests a minute with one key, unless the operator says otherwise. Far above what any client does (clients of the first version, which send item by item, come to
 * 22,000 a minute, 16 of them at once to 53,000): it stops programs that have run wild, and never a backfill.
 */
const KEY_REQUESTS = 60_000;

/**
 * How much one key may ask for.
 * @throws when the environment says something impossible
 */
export function keyRequests(): RateLimit {
  const text = env("OPENSYNC_REQUESTS_PER_KEY") || String(KEY_REQUESTS);
  const max = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (max === 0) throw new Error("OPENSYNC_REQUESTS_PER_KEY must be how many requests a minute one API key may make");
  return { name: "requests", what: "requests with one API key", max, windowMs: 60 * 1000 };
}

/** Counters of one limit. They share, so that nobody can fill the memory with made-up addresses. */
const COUNTERS = 16_384;

const SALT = "opensync:limit:salt";

/**
 * The network that a request comes from, as told by the proxy that OPENSYNC_TRUSTED_PROXY names, else by the connection.
 * Of an IPv6 address its /64: whoever has one address has all of those.
 */
export function networkOf(e: core.RequestEvent): string {
  return networkOfAddress(e.realIP());
}

/** @param address expanded, as PocketBase writes them */
export function networkOfAddress(address: string): string {
  const groups = address.replace(/%.*$/, "").split(":");
  return groups.length === 8 ? `${groups.slice(0, 4).join(":")}::/64` : address;
}

/**
 * Notes one more.
 * @throws HttpError 429 when there were too many already
 */
export function take(app: core.App, limit: RateLimit, who: string): void {
  const count = counted(app, limit, who, 1);
  if (count <= limit.max) return;
  // Once a window, so that whoever floods the server does not flood its log.
  if (count === limit.max + 1) app.logger().warn(`Refused: too many ${limit.what}.`, "who", who);
  const seconds = Math.ceil((limit.windowMs - (Date.now() % limit.windowMs)) / 1000);
  throw tooManyRequests(`Too many ${limit.what}. Try again in ${seconds} seconds.`, seconds);
}

/** Takes back what turned out to be right. */
export function giveBack(app: core.App, limit: RateLimit, who: string): void {
  counted(app, limit, who, -1);
}

/** @throws HttpError 429 when there were too many already; else it notes nothing */
export function refuseWhenExceeded(app: core.App, limit: RateLimit, who: string): void {
  if (counted(app, limit, who, 0) >= limit.max) take(app, limit, who);
}

/**
 * Changes a counter and returns it. Windows are the same for everybody, so that a counter needs no time of its own but
 * the number of its window.
 */
function counted(app: core.App, limit: RateLimit, who: string, change: number): number {
  const window = Math.floor(Date.now() / limit.windowMs);
  let count = 0;
  // The store is locked while this runs: nothing of the store or the database may be asked in here.
  app.store().setFunc(`opensync:limit:${limit.name}:${counterOf(app, who)}`, (old: unknown) => {
    const [stored = "", sum = "0"] = typeof old === "string" ? old.split("|") : [];
    count = Math.max(0, (stored === String(window) ? Number(sum) : 0) + change);
    return `${window}|${count}`;
  });
  return count;
}

/** Which counter is somebody's. The salt keeps others from choosing addresses that share it. */
function counterOf(app: core.App, who: string): number {
  const salt: unknown = app.store().getOrSet(SALT, () => $security.randomString(20));
  return Number.parseInt($security.sha256(`${salt}|${who}`).slice(0, 8), 16) % COUNTERS;
}
