import { readAssignment } from "./assignments.ts";
import { BACKSLASH, isBlankCode, isTokenCode } from "./characters.ts";
import { findAfterScheme, findInUrl, MAX_SCHEME_CHARS } from "./credentials-in-text.ts";
import { type Find, mergeFinds, RANK } from "./find.ts";
import { readHeader } from "./headers.ts";
import { isPlaceholder, isPlainWords } from "./plausible.ts";
import { findPrivateKeys } from "./private-keys.ts";
import { secretKind } from "./secret-name.ts";
import { findTokens, MIN_TOKEN_CHARS } from "./tokens.ts";

const DASH = 45;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;

/** How far is read inside of a value that was found harmless: `token=token=token=…` must not be read over and over. */
const MAX_REREAD_CHARS = 128;

/**
 * Finds everything in a text that its form, or the name before it, gives away. One pass over the characters: runs of
 * token characters are looked at when they end, `=` and `:` when they are met. Linear in the length of the text.
 * @returns in order, none overlapping
 */
export function scan(text: string): Find[] {
  const finds: Find[] = [];
  findPrivateKeys(text, finds);
  const signs = new SignReader(text, finds);
  let runStart = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isTokenCode(code)) {
      if (runStart < 0) runStart = at;
      continue;
    }
    if (runStart >= 0) lookAtRun(text, runStart, at, finds);
    runStart = -1;
    if (code === EQUALS || code === COLON) signs.read(at, code);
  }
  if (runStart >= 0) lookAtRun(text, runStart, text.length, finds);
  return mergeFinds(finds);
}

/** Looks at `=` and `:`, and remembers how far the last value reached. */
class SignReader {
  readonly #text: string;
  readonly #finds: Find[];
  /** Up to here everything is found. */
  #foundUntil = 0;
  /** Up to here a value was read that is none. */
  #harmlessUntil = 0;

  constructor(text: string, finds: Find[]) {
    this.#text = text;
    this.#finds = finds;
  }

  read(at: number, code: number): void {
    const text = this.#text;
    if (code === COLON && isUrlColon(text, at)) {
      findInUrl(text, at, this.#finds);
      return;
    }
    if (at < this.#foundUntil) return;
    const maxChars = at < this.#harmlessUntil ? MAX_REREAD_CHARS : undefined;
    const reading = readAssignment(text, at, maxChars) ?? (code === COLON ? readHeader(text, at, maxChars) : undefined);
    if (reading === undefined) return;
    this.#harmlessUntil = Math.max(this.#harmlessUntil, reading.end);
    if (reading.find === undefined) return;
    this.#finds.push(reading.find);
    this.#foundUntil = reading.end;
  }
}

/** The colon of `://`, also as `:\/\/` inside JSON of some writers. */
function isUrlColon(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  if (next === SLASH) return text.charCodeAt(at + 2) === SLASH;
  return next === BACKSLASH && text.startsWith("\\/\\/", at + 1);
}

function lookAtRun(text: string, start: number, end: number, finds: Find[]): void {
  if (text.charCodeAt(start) === DASH) lookAtOption(text, start, end, finds);
  if (end - start >= MIN_TOKEN_CHARS) findTokens(text, start, end, finds);
  else if (end - start <= MAX_SCHEME_CHARS) findAfterScheme(text, start, end, finds);
}

/** What an option of a program takes, in characters. */
const MAX_OPTION_CHARS = 256;

/** `--password hunter2`, `-u user:hunter2`. */
function lookAtOption(text: string, start: number, end: number, finds: Find[]): void {
  if (!isBlankCode(text.charCodeAt(end))) return;
  const option = text.slice(start, Math.min(end, start + 64));
  const isUser = option === "-u" || option === "--user";
  const kind = isUser ? "password" : option.startsWith("--") ? secretKind(option) : undefined;
  if (kind === undefined) return;
  const from = /["']/.test(text[end + 1] ?? "") ? end + 2 : end + 1;
  const window = text.slice(from, from + MAX_OPTION_CHARS);
  const value = window.slice(0, /[\s"'`\\;|&)]|$/.exec(window)?.index);
  const skipped = isUser ? value.indexOf(":") + 1 : 0;
  if ((isUser && skipped === 0) || value.length - skipped < 6 || /^[-/]/.test(value)) return;
  if (isPlaceholder(value.slice(skipped)) || isPlainWords(value.slice(skipped)) || value[skipped] === ":") return;
  finds.push({ start: from + skipped, end: from + value.length, name: kind, rank: RANK.named });
}
