import { BACKSLASH, isAlphanumericCode, isBlankCode, isQuoteCode, isTokenCode } from "./characters.ts";
import { RANK, type Reading } from "./find.ts";
import { isFigure, isPath, isPlaceholder, isPlainWords, isShuffled, looksRandom } from "./plausible.ts";
import { isVariableName, MAX_NAME_CHARS, type SecretKind, secretKind } from "./secret-name.ts";

/** What stands left of a `=` or `:`. */
type Left = {
  readonly name: string;
  readonly kind: SecretKind;
  /** First character of the name. */
  readonly start: number;
  readonly isQuoted: boolean;
  readonly isSpaced: boolean;
};

/** What stands right of it. */
type Right = { readonly start: number; readonly end: number; readonly isQuoted: boolean };

/** Shortest value that can protect anything, in characters. */
const MIN_SECRET_CHARS = 6;

/** The same for a value that may be a word of the language that it stands in. */
const MIN_CODE_SECRET_CHARS = 8;

/** Longest value, in characters: a key in one line with its line breaks escaped. */
const MAX_VALUE_CHARS = 8_192;

const EQUALS = 61;
const COLON = 58;

/**
 * Looks at one `=` or `:` whether it gives a value to a name that says it is a secret: `.env` lines, shell, JSON (also
 * inside another text, with its quotes escaped), YAML, properties, code, query strings.
 * @param at where the sign stands
 * @param maxChars how far to look for the end of a value without quotes before it is known to be one
 * @returns undefined: no such name stands before the sign
 */
export function readAssignment(text: string, at: number, maxChars = MAX_VALUE_CHARS): Reading | undefined {
  const left = readLeft(text, at);
  if (left === undefined) return undefined;
  const right = readRight(text, at, left, maxChars);
  if (right === undefined) return undefined;
  const harmless = { end: right.end, find: undefined };
  if (right.end - right.start < MIN_SECRET_CHARS) return harmless;
  const value = text.slice(right.start, right.end);
  if (!isSecretValue(text, at, left, right, value)) return harmless;
  const { end } = value.length < maxChars ? right : readBare(text, right.start, left, MAX_VALUE_CHARS);
  return { end, find: { start: right.start, end, name: left.kind, rank: RANK.named } };
}

/**
 * Whether a value is a secret when all that is known is the name in front of it in an object.
 * @param kind what the name says
 */
export function isSecretMember(kind: SecretKind, value: string): boolean {
  return value.length >= MIN_SECRET_CHARS && value.length <= MAX_VALUE_CHARS && isQuotedSecret(kind, value);
}

function readLeft(text: string, at: number): Left | undefined {
  const before = text.charCodeAt(at - 1);
  const next = text.charCodeAt(at + 1);
  // `==`, `=>`, `!=`, `<=`, `>=`, `+=`, `::`; a `:=` of Go begins at its colon.
  if (next === EQUALS && text.charCodeAt(at) === EQUALS) return undefined;
  if (next === 62 || next === COLON || before === EQUALS || before === COLON || before === 33 || before === 60)
    return undefined;
  if (before === 62 || before === 43) return undefined;
  let end = at;
  while (end > 0 && end > at - 8 && isBlankCode(text.charCodeAt(end - 1))) end--;
  const isSpaced = end < at;
  let isQuoted = false;
  if (end > 1 && text.charCodeAt(end - 1) === 93 && isQuoteCode(text.charCodeAt(end - 2))) end--;
  if (end > 0 && isQuoteCode(text.charCodeAt(end - 1))) {
    isQuoted = true;
    end--;
    while (end > 0 && end > at - 12 && text.charCodeAt(end - 1) === BACKSLASH) end--;
  }
  if (end === 0 || !isAlphanumericCode(text.charCodeAt(end - 1))) return undefined;
  const start = startOfName(text, end);
  if (end - start > MAX_NAME_CHARS) return undefined;
  const name = text.slice(start, end);
  if (TYPE_NAMES.has(name)) return leftOfType(text, start);
  const kind = secretKind(name) ?? queryKind(text, start, name);
  return kind && { name, kind, start, isQuoted, isSpaced };
}

/** `const token: string = "…"`: the name stands before its type. */
const TYPE_NAMES = new Set(["string", "String", "str"]);

function leftOfType(text: string, typeStart: number): Left | undefined {
  let end = typeStart;
  while (end > 0 && end > typeStart - 4 && /[:\s&]/.test(text[end - 1] ?? "")) end--;
  const start = startOfName(text, end);
  const name = text.slice(start, end);
  const kind = end === typeStart ? undefined : secretKind(name);
  return kind && { name, kind, start, isQuoted: true, isSpaced: true };
}

function startOfName(text: string, end: number): number {
  const limit = Math.max(0, end - MAX_NAME_CHARS - 1);
  let start = end;
  while (start > limit && isTokenCode(text.charCodeAt(start - 1))) start--;
  // The `n` of a line break that is written as `\n` is not part of the name.
  return text.charCodeAt(start - 1) === BACKSLASH && /[nrt]/.test(text[start] ?? "") ? start + 1 : start;
}

/** In a query string shorter names are usual: `?key=…`, `&sig=…`. */
function queryKind(text: string, start: number, name: string): SecretKind | undefined {
  const before = text[start - 1];
  if (before !== "?" && before !== "&") return undefined;
  return /^(?:key|sig|signature|auth|X-(?:Amz|Goog)-Signature)$/i.test(name) ? "key" : undefined;
}

function readRight(text: string, at: number, left: Left, maxChars: number): Right | undefined {
  let start = at + 1;
  // `:=` of Go and of make.
  if (text.charCodeAt(start) === EQUALS) start++;
  while (start < at + 10 && isBlankCode(text.charCodeAt(start))) start++;
  // Prefixes of strings: b"…", r"…", @"…".
  if (/[brf@]/.test(text[start] ?? "") && isQuoteCode(text.charCodeAt(start + 1))) start++;
  let slashes = 0;
  while (slashes < 8 && text.charCodeAt(start + slashes) === BACKSLASH) slashes++;
  const quote = text.charCodeAt(start + slashes);
  if (isQuoteCode(quote)) return readQuoted(text, start + slashes + 1, quote, slashes);
  if (slashes > 0 || left.isQuoted) return undefined;
  return readBare(text, start, left, maxChars);
}

/** Up to the same quote, escaped as often. */
function readQuoted(text: string, start: number, quote: number, slashes: number): Right | undefined {
  const limit = Math.min(text.length, start + MAX_VALUE_CHARS);
  let run = 0;
  for (let at = start; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === quote && (slashes === 0 ? run % 2 === 0 : run <= slashes)) {
      return { start, end: at - (slashes === 0 ? 0 : run), isQuoted: true };
    }
    if (code === 10) return undefined;
    run = code === BACKSLASH ? run + 1 : 0;
  }
  return undefined;
}

/** What ends a value without quotes, everywhere and in a `.env` line or shell, where more may be part of it. */
const AFTER_BARE = /[\s"'`\\,;&|<>(){}[\]]|$/g;
const AFTER_VARIABLE = /[\s"'`\\]|[,;)](?:\s|$)|$/g;

function readBare(text: string, start: number, { name, isSpaced }: Left, maxChars: number): Right {
  const isVariable = !isSpaced && isVariableName(name);
  const window = text.slice(start, start + maxChars);
  const after = isVariable ? AFTER_VARIABLE : AFTER_BARE;
  after.lastIndex = 0;
  const end = start + (after.exec(window)?.index ?? window.length);
  return { start, end, isQuoted: false };
}

function isSecretValue(text: string, at: number, left: Left, right: Right, value: string): boolean {
  if (isPlaceholder(value) || isPath(value)) return false;
  const isEquals = text.charCodeAt(at) === EQUALS;
  if (isEquals && !left.isSpaced && isVariableName(left.name) && !left.isQuoted) return isVariableSecret(value);
  if (right.isQuoted) return isQuotedSecret(left.kind, value);
  // Whatever is called or looked into is code.
  if (/[([.]/.test(text[right.end] ?? "")) return false;
  if (text[left.start - 1] === ";" && isEquals) return !isFigure(value);
  if (isWholeLine(text, left, right)) return isLineSecret(left.kind, value);
  return isEquals && !left.isSpaced && looksRandom(value);
}

/** `NAME=value`: the name leaves no doubt, so words are masked too. */
function isVariableSecret(value: string): boolean {
  return !isFigure(value) && !/^\w+\(/.test(value);
}

function isQuotedSecret(kind: SecretKind, value: string): boolean {
  if (/\s/.test(value) || isPlaceholder(value) || isPath(value) || isFigure(value) || isUrl(value)) return false;
  if (kind === "password") return !/^[A-Za-z]{1,11}$/.test(value) && !/^[a-z_-]*password[a-z_-]*$/i.test(value);
  if (value.length < MIN_CODE_SECRET_CHARS) return false;
  if (kind !== "secret" && !/\d/.test(value)) return isShuffled(value);
  return !isPlainWords(value) && !/^[A-Za-z]+(?:[-_.:/ ][A-Za-z]+)+$/.test(value);
}

/** The password in it is found by itself. */
function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
}

/** `name: value` and nothing else in its line (or its quotes): YAML, properties, a header. */
function isWholeLine(text: string, left: Left, right: Right): boolean {
  return (
    /^(?:[ \t]*(?:#|\/\/|$)|[\r\n"'`]|\\[nr"'])/.test(text.slice(right.end, right.end + 40)) &&
    beginsLine(text, left.start)
  );
}

/** Before it stand only what a listing or a diff puts there: numbers, bars, dashes, plus and minus; or a quote. */
function beginsLine(text: string, start: number): boolean {
  return /(?:^|[\n"'`]|\\n|\\r)[ \t]*(?:\d{1,6}[:|\t]?)?[ \t|+-]*(?:export |set |> )?$/.test(
    text.slice(Math.max(0, start - 40), start),
  );
}

function isLineSecret(kind: SecretKind, value: string): boolean {
  if (isFigure(value)) return false;
  // A name of something else: `self.password = password_ptr`.
  if (kind === "password") return !/^[A-Za-z_]+\d?[.,:]?$/.test(value);
  return looksRandom(value);
}
