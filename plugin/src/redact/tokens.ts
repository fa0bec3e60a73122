import { BACKSLASH, isAlphanumericCode, isHexCode } from "./characters.ts";
import { type Find, RANK } from "./find.ts";
import { TOKEN_PATTERNS } from "./patterns.ts";

/** Shorter runs hold no token: the shortest is Slack's. */
export const MIN_TOKEN_CHARS = 15;

/**
 * Longest token. An open end would overflow the stack of the engine on a run of some megabytes; what is left of such a
 * run is looked at again.
 */
const MAX_TOKEN_CHARS = 2_048;

type Entry = { readonly name: string; readonly begin: string; readonly rest: RegExp };

/** The patterns by the code of their first character; sticky, so that each is tried at one place only. */
const BY_FIRST_CODE: readonly (readonly Entry[] | undefined)[] = index();

function index(): Entry[][] {
  const table: Entry[][] = [];
  for (const { name, begins, rest } of TOKEN_PATTERNS) {
    for (const begin of begins.split(" ")) {
      const code = begin.charCodeAt(0);
      const entries = table[code] ?? [];
      table[code] = entries;
      entries.push({ name, begin, rest: new RegExp(rest.replaceAll(",}", `,${MAX_TOKEN_CHARS}}`), "y") });
    }
  }
  return table;
}

/**
 * Looks for tokens in a run of letters, digits, `-`, `_` and `.`. A token begins where no letter or digit stands
 * before it, or right behind another token or the end of an escape. Linear: each place costs a bounded number of
 * comparisons, and a match is skipped.
 * @param start first character of the run
 * @param end one past its last character
 */
export function findTokens(text: string, start: number, end: number, finds: Find[]): void {
  const jwt = new JwtFinder(text, end);
  let at = afterEscape(text, start);
  let isBoundary = true;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (isBoundary && isAlphanumericCode(code)) {
      const find = matchAt(text, at, code) ?? jwt.matchAt(at);
      if (find !== undefined) {
        finds.push(find);
        at = find.end;
        continue;
      }
    }
    isBoundary = !isAlphanumericCode(code);
    at++;
  }
}

function matchAt(text: string, at: number, code: number): Find | undefined {
  for (const { name, begin, rest } of BY_FIRST_CODE[code] ?? []) {
    if (!text.startsWith(begin, at)) continue;
    rest.lastIndex = at + begin.length;
    if (rest.test(text)) return { start: at, end: rest.lastIndex, name, rank: RANK.token };
  }
  return undefined;
}

/** The `n` of a `\n`, the `3D` of a `%3D` and the like are not part of the run that they touch. */
function afterEscape(text: string, start: number): number {
  const before = text.charCodeAt(start - 1);
  const first = text.charCodeAt(start);
  if (before === BACKSLASH) {
    if (first === 117) return start + 5;
    if (first === 120) return start + 3;
    return start + 1;
  }
  // The end of a colour: ESC [ 1 ; 3 2 m.
  if (before === 91 || before === 59) return start + (/\d{1,3}m/y.exec(text.slice(start, start + 4))?.[0].length ?? 0);
  if (before === 37 && isHexCode(first) && isHexCode(text.charCodeAt(start + 1))) return start + 2;
  return start;
}

/** Fewest characters of a token's header behind its `eyJ`, and of its payload. */
const MIN_JWT_PART_CHARS = 10;

/**
 * JSON Web Tokens: `eyJ…`, a dot, a payload, and more parts. Source maps begin like that too, but have no dot. The
 * dots of a run are looked up once each, so that a run of nothing but `-eyJ` costs no more than any other.
 */
class JwtFinder {
  readonly #text: string;
  readonly #end: number;
  #dot = -1;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  matchAt(at: number): Find | undefined {
    if (!this.#text.startsWith("eyJ", at)) return undefined;
    if (this.#dot < at) this.#dot = this.#nextDot(at);
    if (this.#dot - at < 3 + MIN_JWT_PART_CHARS || this.#dot >= this.#end) return undefined;
    const payloadEnd = this.#nextDot(this.#dot + 1);
    if (payloadEnd - this.#dot <= MIN_JWT_PART_CHARS) return undefined;
    return { start: at, end: this.#endOfRun(), name: "jwt", rank: RANK.token };
  }

  #nextDot(from: number): number {
    const dot = this.#text.indexOf(".", from);
    return dot < 0 || dot > this.#end ? this.#end : dot;
  }

  /** Without the full stop of a sentence. */
  #endOfRun(): number {
    let end = this.#end;
    while (this.#text.charCodeAt(end - 1) === 46) end--;
    return end;
  }
}
