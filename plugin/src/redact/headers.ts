import { BACKSLASH, isAlphanumericCode, isBlankCode, isQuoteCode, isTokenCode } from "./characters.ts";
import { RANK, type Reading } from "./find.ts";
import { isPlaceholder } from "./plausible.ts";

/** Headers whose whole value is a secret. */
const NAMES = /^(?:proxy-)?authorization$|^(?:set-)?cookie$/i;

/** Longest of them, in characters. */
const MAX_HEADER_NAME_CHARS = 19;

/** Longest value that is looked at, in characters; servers refuse longer headers. */
const MAX_HEADER_CHARS = 16_384;

/** The word before the credentials: `Token`, `ApiKey`, `AWS4-HMAC-SHA256`, … */
const SCHEME = /^[A-Za-z][\w-]{1,31} +/;

/**
 * Looks at one `:` whether it ends the name of a header that holds credentials, in a request, a `curl -H`, or JSON.
 * @param at where the colon stands
 * @param maxChars how far to look for the end of the value
 * @returns undefined: no such name stands before the colon
 */
export function readHeader(text: string, at: number, maxChars = MAX_HEADER_CHARS): Reading | undefined {
  const name = nameBefore(text, at);
  if (!NAMES.test(name)) return undefined;
  const line = valueAfter(text, at, maxChars);
  const isCookie = /cookie$/i.test(name);
  const skipped = isCookie ? 0 : (SCHEME.exec(line.value)?.[0].length ?? 0);
  const secret = line.value.slice(skipped).trimEnd();
  const [word = ""] = secret.split(" ", 1);
  const isSecret = isCookie ? /=.*\d/.test(secret) : /\d/.test(word) || word.length >= 20;
  if (secret.length < 8 || !isSecret || isCode(secret)) {
    return { end: line.start + line.value.length, find: undefined };
  }
  const start = line.start + skipped;
  const end = start + secret.length;
  return { end, find: { start, end, name: isCookie ? "cookie" : "authorization", rank: RANK.credential } };
}

/** `${token}`, `this.auth.token, …`, `getToken(…`: a way to a value. */
function isCode(value: string): boolean {
  const [word = ""] = value.slice(0, 256).split(/[\s,;)}\]]/);
  return isPlaceholder(value) || isPlaceholder(word) || /^\S{0,40}[${(]|^https?:/.test(value);
}

function nameBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && end > at - 8 && !isAlphanumericCode(text.charCodeAt(end - 1))) end--;
  const last = text.charCodeAt(end - 1) | 32;
  // "authorization" and "cookie" end in n and e.
  if (last !== 110 && last !== 101) return "";
  let start = end;
  while (start > 0 && start >= end - MAX_HEADER_NAME_CHARS && isTokenCode(text.charCodeAt(start - 1))) start--;
  return text.slice(start, end).replace(/^n(?=authorization|cookie|proxy|set)/i, "");
}

/** Up to the end of the line, or of the quotes that it stands in. */
function valueAfter(text: string, at: number, maxChars: number): { readonly start: number; readonly value: string } {
  let start = at + 1;
  while (start < at + 12 && (isBlankCode(text.charCodeAt(start)) || text.charCodeAt(start) === BACKSLASH)) start++;
  if (isQuoteCode(text.charCodeAt(start))) start++;
  const window = text.slice(start, start + maxChars);
  return { start, value: window.slice(0, /[\r\n"'`\\]|$/.exec(window)?.index) };
}
