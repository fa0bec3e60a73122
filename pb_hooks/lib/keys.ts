import { forbidden, unauthorized } from "./errors.ts";
import { FAILED_KEYS, keyRequests, networkOf, refuseWhenExceeded, take } from "./rate-limit.ts";
import { execute, queryOne } from "./vm.ts";

/** What a key may do: `sync` pushes and compares, `full` also reads. */
export type KeyScope = "sync" | "full";

/** Who is calling, as told by an API key. */
export interface KeyOwner {
  readonly userId: string;
  readonly keyId: string;
  /** The machine that the key was made for; "" when nobody said. */
  readonly device: string;
}

/**
 * How long a key found valid is trusted without looking, in milliseconds. Under a second, so that a key revoked in
 * any way (our route, the admin page, SQL by hand) stops within the promised second without an invalidation to miss.
 */
const CACHE_MS = 900;

/** Milliseconds between two writes of a key's lastUsedAt. */
const TOUCH_MS = 5 * 60 * 1000;

/** `os_` is ours, `osk_` the first version's. The length only keeps nonsense away from the hash. */
const KEY_FORMAT = /^osk?_[A-Za-z0-9_-]{8,200}$/;

const MISSING_HEADER = "Missing Authorization header";
const STRANGE_KEY = "Invalid API key format";
/** Old clients look for either of the two phrases; unknown, revoked and expired read the same to whoever is guessing. */
const REFUSED_KEY = "Invalid API key: unknown, revoked or expired (Invalid or expired token)";

/** Whether a text has the form of an API key. */
export function isKeyFormat(text: string): boolean {
  return KEY_FORMAT.test(text);
}

/** What is stored of a key. Keys are random over 256 bits, so a plain digest cannot be guessed back. */
export function hashKey(key: string): string {
  return $security.sha256(key);
}

/**
 * The owner of the key in the Authorization header.
 * @throws HttpError 401 without a valid key, 403 when its scope does not reach, 429 above a rate limit
 */
export function requireKey(e: core.RequestEvent, scope: KeyScope): KeyOwner {
  const header = e.request?.header.get("Authorization") ?? "";
  if (header.trim() === "") throw unauthorized(MISSING_HEADER);
  const nowMs = Date.now();
  const text = bearerKey(header);
  const key = findKey(e, text, nowMs);
  // One that was revoked or is over is no guess: its machine shall go on reading what is wrong.
  if (!key) take(e.app, FAILED_KEYS, networkOf(e));
  if (!isKeyFormat(text)) throw unauthorized(STRANGE_KEY);
  if (!key || (key.expiresAt > 0 && key.expiresAt <= nowMs)) throw unauthorized(REFUSED_KEY);
  take(e.app, keyRequests(), key.keyId);
  if (scope === "full" && key.scope !== "full") {
    throw forbidden("This API key has the scope sync, which cannot read: create one with the scope full in Settings.");
  }
  return key;
}

/** Notes that a key was used, at most every five minutes. Call it inside the request's transaction. */
export function touchKey(txApp: core.App, keyId: string): void {
  const nowMs = Date.now();
  const memo = `opensync:touched:${keyId}`;
  const touchedMs = Number(txApp.store().get(memo) ?? 0);
  if (nowMs - touchedMs < TOUCH_MS) return;
  txApp.store().set(memo, nowMs);
  execute(txApp, "UPDATE api_keys SET lastUsedAt = {:now} WHERE id = {:id} AND lastUsedAt <= {:before}", {
    now: nowMs,
    id: keyId,
    before: nowMs - TOUCH_MS,
  });
}

/** Makes every VM forget a key at once, so that a revocation does not even wait for the cache. */
export function forgetKey(app: core.App, hash: string): void {
  app.store().remove(cacheName(hash));
}

interface KnownKey extends KeyOwner {
  readonly scope: string;
  /** Epoch milliseconds; 0 = never, 1 = it was revoked. */
  readonly expiresAt: number;
}

function bearerKey(header: string): string {
  return /^\s*bearer\s+(\S+)\s*$/i.exec(header)?.[1] ?? "";
}

/**
 * Looks a key up. A network that has tried too many wrong ones is answered without a look, but for keys that this
 * server has seen at work: the machines behind one address must not lock each other out.
 */
function findKey(e: core.RequestEvent, text: string, nowMs: number): KnownKey | undefined {
  const hash = hashKey(text);
  if (!e.app.store().has(cacheName(hash))) refuseWhenExceeded(e.app, FAILED_KEYS, networkOf(e));
  if (!isKeyFormat(text)) return undefined;
  return cachedKey(e.app, hash, nowMs) ?? storedKey(e.app, hash, nowMs);
}

function cacheName(hash: string): string {
  return `opensync:key:${hash}`;
}

/** The store is shared by all VMs and must hold plain values only, hence the joined text; device comes last, it may hold anything. */
function cachedKey(app: core.App, hash: string, nowMs: number): KnownKey | undefined {
  const entry: unknown = app.store().get(cacheName(hash));
  if (typeof entry !== "string") return undefined;
  const [checkedAt = "", expiresAt = "", scope = "", userId = "", keyId = "", ...device] = entry.split("|");
  const ageMs = nowMs - Number(checkedAt);
  if (ageMs < 0 || ageMs > CACHE_MS) return undefined;
  return { expiresAt: Number(expiresAt), scope, userId, keyId, device: device.join("|") };
}

/** Only valid keys are cached, so guesses cannot fill the store. The time is taken before the read: no entry outlives a revocation. */
function storedKey(app: core.App, hash: string, nowMs: number): KnownKey | undefined {
  const key = queryOne(
    app,
    `SELECT k.id AS keyId, k.user AS userId, k.scope AS scope, k.device AS device,
       iif(k.revokedAt > 0, 1, k.expiresAt) AS expiresAt
     FROM api_keys k JOIN users u ON u.id = k.user
     WHERE k.hash = {:hash}`,
    { hash },
    { keyId: "", userId: "", scope: "", device: "", expiresAt: 0 },
  );
  if (!key) return undefined;
  if (key.expiresAt > 0 && key.expiresAt <= nowMs) return key;
  const entry = [nowMs, key.expiresAt, key.scope, key.userId, key.keyId, key.device].join("|");
  app.store().set(cacheName(hash), entry);
  return key;
}
