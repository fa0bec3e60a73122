import { isAlphanumericCode, isBlankCode, isTokenCode } from "./characters.ts";
import { type Find, RANK } from "./find.ts";
import { isPlaceholder, looksRandom } from "./plausible.ts";

/** Shorter passwords are those of examples: `https://a:b@host`. */
const MIN_PASSWORD_CHARS = 4;

/** Longest user and password in a URL, in characters. */
const MAX_USERINFO_CHARS = 1_024;

/** Where user, password, host and port of a URL end. */
const AFTER_AUTHORITY = /[/?#\s"'`<>\\)\]},|]/g;

/**
 * Looks for the password in `scheme://user:password@host`, or for a token in the place of the user.
 * @param colon where the colon of `://` stands
 */
export function findInUrl(text: string, colon: number, finds: Find[]): void {
  const start = colon + (text.charCodeAt(colon + 1) === 47 ? 3 : 5);
  const window = text.slice(start, start + MAX_USERINFO_CHARS);
  const at = endOfUserinfo(window);
  if (at <= 0) {
    findWebhook(window, start, finds);
    return;
  }
  const userinfo = window.slice(0, at);
  const separator = userinfo.indexOf(":");
  const secret = separator < 0 ? userinfo : userinfo.slice(separator + 1);
  const isSecret =
    separator < 0
      ? secret.length >= 20 && looksRandom(secret)
      : secret.length >= MIN_PASSWORD_CHARS && !isHidden(secret);
  if (!isSecret) return;
  const end = start + at;
  finds.push({ start: end - secret.length, end, name: "url-password", rank: RANK.credential });
}

/** Where the `@` behind user and password stands; at most 0 when there is none. */
function endOfUserinfo(window: string): number {
  AFTER_AUTHORITY.lastIndex = 0;
  const authority = window.slice(0, AFTER_AUTHORITY.exec(window)?.index ?? window.length);
  const at = authority.lastIndexOf("@");
  if (at >= 0 || !UNQUOTED_PASSWORD.test(window)) return at;
  return window.slice(0, /[\s"'`<>\\]|$/.exec(window)?.index).indexOf("@");
}

/** A password with `/`, `?` or `#` should be percent-encoded and often is not. What is no port must be one. */
const UNQUOTED_PASSWORD = /^[\w.%+-]*:(?!\d{1,5}(?:[/?#]|$))[^\s/?#@"'`<>\\[\]{}()|,$]+[/?#]/;

/** `***`, `<password>`, `${PASSWORD}`, `[redacted:…]`: nothing to hide. A variable of this form may be half a secret. */
function isHidden(secret: string): boolean {
  return /^(?:\*+|<[^>]*>?|\$\{[^}]*\}?|\$\w+|\{+[^}]*\}*|\[redacted:[\w.-]*|%s|x+)$/i.test(secret);
}

/** Addresses that are their own password, by the host and path before it. */
const WEBHOOK =
  /^(?:hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/|[\w-]+\.webhook\.office\.com\/webhookb2\/)([\w/@.-]{20,})/;

function findWebhook(window: string, start: number, finds: Find[]): void {
  const match = WEBHOOK.exec(window);
  if (match === null) return;
  const [whole, secret = ""] = match;
  const end = start + whole.length;
  finds.push({ start: end - secret.length, end, name: "webhook", rank: RANK.credential });
}

/** Words before credentials in a header. */
const SCHEMES = new Set(["bearer", "basic"]);

/** Longest of them, in characters. */
export const MAX_SCHEME_CHARS = 6;

/**
 * Looks for what follows `Bearer` or `Basic`.
 * @param start first character of the word
 * @param end one past its last character
 */
export function findAfterScheme(text: string, start: number, end: number, finds: Find[]): void {
  if (!isBlankCode(text.charCodeAt(end))) return;
  const scheme = text.slice(start, end).toLowerCase();
  if (!SCHEMES.has(scheme)) return;
  const from = end + 1;
  const to = endOfCredentials(text, from);
  const value = text.slice(from, to);
  const isSecret = scheme === "basic" ? isBasic(value) : value.length >= 8 && !isPlaceholder(value) && isOpaque(value);
  if (isSecret) finds.push({ start: from, end: to, name: `${scheme}-credentials`, rank: RANK.credential });
}

/** Longest credentials, in characters; beyond it nothing new is learned about whether they are some. */
const MAX_CREDENTIALS_CHARS = 16_384;

function endOfCredentials(text: string, from: number): number {
  let to = from;
  const limit = Math.min(text.length, from + MAX_CREDENTIALS_CHARS);
  while (to < limit && isCredentialsCode(text.charCodeAt(to))) to++;
  return to;
}

/** Token characters and `~ + / =`, as RFC 6750 has them. */
function isCredentialsCode(code: number): boolean {
  return isTokenCode(code) || code === 126 || code === 43 || code === 47 || code === 61;
}

/** "Bearer authentication" is prose; a token has digits, or is longer than any word. */
function isOpaque(value: string): boolean {
  return /\d/.test(value.slice(0, 256)) || value.length >= 24;
}

/** Base64 of `user:password`. */
function isBasic(value: string): boolean {
  if (value.length < 8 || !isAlphanumericCode(value.charCodeAt(0)) || !/^[A-Za-z0-9+/]+={0,2}$/.test(value))
    return false;
  return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(value, "base64").toString("latin1"));
}
