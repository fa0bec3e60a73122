import { type Find, RANK } from "./find.ts";

const BEGIN = "-----BEGIN ";
const END = "-----END ";

/** What a private key calls itself: PKCS#1, PKCS#8, SEC1, OpenSSH, PGP. */
const LABEL = /(?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
const END_LABEL = /-----END [A-Z0-9 ]{0,60}-----/y;

/** Code and documents speak of the first line of a key alone. */
const KEY_TEXT = /[A-Za-z0-9+/]{24,}/;

/** Longest key with its headers, in characters. A PGP key with many subkeys is the largest. */
const MAX_BLOCK_CHARS = 65_536;

/** A line of a key: what stands before it in a diff, a listing or a quoted text, then base64 or a header. */
const KEY_LINE =
  /^[\s\d"'`+>|:,.-]{0,24}(?:[A-Za-z0-9+/=]{16,}|(?:Proc-Type|DEK-Info|Comment|Version): .*|)[\s\\"'`,+)]{0,8}$/;

/** A key has short lines: further on there is nothing to find. */
const MAX_LINE_CHARS = 1_024;

/** Most lines of a key whose end is missing. */
const MAX_LINES = 1_024;

/** Looks for private keys in PEM form; one whose end was cut off is found too. Linear. */
export function findPrivateKeys(text: string, finds: Find[]): void {
  let nextEnd = -1;
  let at = text.indexOf(BEGIN);
  while (at >= 0) {
    const body = endOfMatch(LABEL, text, at + BEGIN.length);
    const nextBegin = text.indexOf(BEGIN, body ?? at + BEGIN.length);
    if (body !== undefined) {
      // Looked up again only when it has been passed: many beginnings before one end cost one search.
      if (nextEnd < body) nextEnd = indexOrInfinity(text, END, body);
      const hasEnd = nextEnd - at <= MAX_BLOCK_CHARS && (nextBegin < 0 || nextEnd < nextBegin);
      const end = hasEnd ? (endOfMatch(END_LABEL, text, nextEnd) ?? nextEnd) : endOfLines(text, body);
      if (KEY_TEXT.test(text.slice(body, end))) finds.push({ start: at, end, name: "private-key", rank: RANK.block });
    }
    at = nextBegin;
  }
}

/** Where a sticky expression that matches at a place ends; undefined when it does not match there. */
function endOfMatch(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}

function indexOrInfinity(text: string, part: string, from: number): number {
  const index = text.indexOf(part, from);
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

/** The end of the lines that look like the inside of a key; line breaks may be written as `\n`. */
function endOfLines(text: string, body: number): number {
  let end = body;
  let start = body;
  for (let lines = 0; lines < MAX_LINES && start < text.length; lines++) {
    const stop = endOfLine(text, start);
    if (!KEY_LINE.test(text.slice(start, stop))) break;
    end = stop;
    start = text.charCodeAt(stop) === 10 ? stop + 1 : stop + 2;
  }
  return end;
}

function endOfLine(text: string, start: number): number {
  const window = text.slice(start, start + MAX_LINE_CHARS);
  return start + (/\n|\\n|$/.exec(window)?.index ?? 0);
}
