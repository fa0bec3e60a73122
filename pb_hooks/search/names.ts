// Names in code that one word is only a part of: the index of words knows `getUserName` as the single word `getusername`.
// Names with other signs in them (`snake_case`, `a/b.ts`) are split by the index itself.

/** Longer runs of letters and digits are keys and encoded data, not names. */
const MAX_NAME_LENGTH = 48;
const MAX_HUMPS = 7;
/** Humps that a searched word may span: `username` finds `getUserName`. */
const MAX_SPAN = 3;

/**
 * A run of letters and digits with a hump in it. Whatever can be is left to expressions that the VM hands to Go: its own
 * JavaScript is fifty times as slow.
 */
const NAME = /[A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]*/g;

/** Characters that are searched at once: Go takes longer for each one of a long text. */
const PIECE = 4_000;

/** Names that are remembered with their words; a few megabytes. */
const MAX_KNOWN = 20_000;

/** In names a digit ends a word, as in `utf8Decode`. */
const ENCODED = /[0-9][a-z]/;

/** A name in small letters, how often it was used, and the words that it is found by. */
export type CountedName = readonly [name: string, uses: number, words: readonly string[]];

/** Counts the names in texts, by user. */
export class Names {
  /** User → name as it is written → how often. */
  readonly #uses = new Map<string, Map<string, number>>();
  /** Name as it is written → its words: one that comes up again and again is taken apart once. */
  readonly #words = new Map<string, readonly string[]>();

  add(user: string, text: string): void {
    const uses = this.#uses.get(user) ?? new Map<string, number>();
    this.#uses.set(user, uses);
    for (let start = 0; start < text.length; ) {
      const space = text.indexOf(" ", start + PIECE);
      const end = space === -1 ? text.length : space;
      for (const name of text.slice(start, end).match(NAME) ?? []) uses.set(name, (uses.get(name) ?? 0) + 1);
      start = end + 1;
    }
  }

  /** What was counted since the last call, by user. */
  take(): [user: string, names: CountedName[]][] {
    if (this.#words.size > MAX_KNOWN) this.#words.clear();
    const taken = [...this.#uses].map(([user, uses]): [string, CountedName[]] => {
      const names = [...uses].map(([name, count]): CountedName => [name.toLowerCase(), count, this.#wordsOf(name)]);
      return [user, names.filter(([, , words]) => words.length > 0)];
    });
    this.#uses.clear();
    return taken.filter(([, names]) => names.length > 0);
  }

  #wordsOf(name: string): readonly string[] {
    const known = this.#words.get(name);
    if (known) return known;
    const words = wordsOf(name);
    this.#words.set(name, words);
    return words;
  }
}

/** The words that a name is found by, in small letters, the whole name left out; none for what is no name. */
export function wordsOf(name: string): readonly string[] {
  if (name.length > MAX_NAME_LENGTH || ENCODED.test(name)) return [];
  const humps = humpsOf(name);
  // Encoded data changes between small and capital letters all the time: it has many very short humps.
  if (humps.length < 2 || humps.length > MAX_HUMPS || name.length < humps.length * 2.5) return [];
  const words: string[] = [];
  for (let first = 0; first < humps.length; first += 1) {
    let word = "";
    const end = Math.min(first + Math.min(MAX_SPAN, humps.length - 1), humps.length);
    for (let next = first; next < end; next += 1) {
      word += humps[next];
      if (word.length > 1 && !words.includes(word)) words.push(word);
    }
  }
  return words;
}

/** `parseHTTPHeader2` → `parse`, `http`, `header2`. */
function humpsOf(name: string): string[] {
  return name
    .replace(/([^A-Z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(" ");
}
