// Names in code that one word is only a part of: the index of words knows `getUserName` as the single word `getusername`.
// Names with other signs in them (`snake_case`, `a/b.ts`) are split by the index itself.

/** Longer runs of letters and digits are keys and encoded data, not names. */
const MAX_NAME_LENGTH = 48;
const MAX_HUMPS = 7;
/** Humps that a searched word may span: `username` finds `getUserName`. */
const MAX_SPAN = 3;

/** Where a name may be. Short, because the VM's expressions are slow: what is around it is looked at by hand. */
const HUMP = /[a-z][A-Z]/g;

/** In names a digit ends a word, as in `utf8Decode`. */
const ENCODED = /[0-9][a-z]/;

/** Counts the names in a text, in small letters, each with the words that it is made of. */
export class Names {
  /** Name → how often. */
  readonly uses = new Map<string, number>();
  /** Name → words. */
  readonly words = new Map<string, readonly string[]>();

  add(text: string): void {
    let end = 0;
    for (const { index } of text.matchAll(HUMP)) {
      if (index < end) continue;
      const start = startOfName(text, index);
      end = endOfName(text, index);
      const found = text.slice(start, end);
      const name = found.toLowerCase();
      const uses = this.uses.get(name) ?? 0;
      if (uses === 0 && !this.words.has(name)) this.words.set(name, wordsOf(found));
      if ((this.words.get(name)?.length ?? 0) > 0) this.uses.set(name, uses + 1);
    }
  }
}

/** The words that a name is found by, the whole name left out; none for what is no name. */
export function wordsOf(name: string): readonly string[] {
  if (name.length > MAX_NAME_LENGTH || ENCODED.test(name)) return [];
  const humps = humpsOf(name);
  // Encoded data changes between small and capital letters all the time: it has many very short humps.
  if (humps.length < 2 || humps.length > MAX_HUMPS || name.length < humps.length * 2.5) return [];
  const words = new Set<string>();
  for (let first = 0; first < humps.length; first += 1) {
    for (let span = 1; span <= MAX_SPAN && first + span <= humps.length; span += 1) {
      const word = humps
        .slice(first, first + span)
        .join("")
        .toLowerCase();
      if (word.length > 1 && span < humps.length) words.add(word);
    }
  }
  return [...words];
}

/** `parseHTTPHeader2` → `parse`, `HTTP`, `Header2`. */
function humpsOf(name: string): string[] {
  const humps: string[] = [];
  let start = 0;
  for (let index = 1; index < name.length; index += 1) {
    const begins = isCapital(name[index]) && (!isCapital(name[index - 1]) || isSmall(name[index + 1]));
    if (!begins) continue;
    humps.push(name.slice(start, index));
    start = index;
  }
  return [...humps, name.slice(start)];
}

/** Letters and digits before a place; one more than a name may have is enough to tell that it is none. */
function startOfName(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start <= MAX_NAME_LENGTH && isNameLetter(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function endOfName(text: string, at: number): number {
  let end = at;
  while (end < text.length && isNameLetter(text.charCodeAt(end))) end += 1;
  return end;
}

function isNameLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

function isCapital(letter: string | undefined): boolean {
  return letter !== undefined && letter >= "A" && letter <= "Z";
}

function isSmall(letter: string | undefined): boolean {
  return letter !== undefined && letter >= "a" && letter <= "z";
}
