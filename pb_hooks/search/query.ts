// The language of searches. Every text is a valid search: what is not understood is looked for as words.

import { parseTime } from "../lib/parameters.ts";

/** Terms of one search; the rest is ignored, which the answer says. A statement must stay small whatever is typed. */
const MAX_TERMS = 24;

/** Letters and digits, roughly as the index knows them: the VM's regular expressions know no classes of Unicode. */
const LETTER =
  "[A-Za-z0-9\\u00b5\\u00c0-\\u1fff\\u2c00-\\u2dff\\u3041-\\ud83b\\ud840-\\udbff\\uf900-\\ufdff\\ufe70-\\ufefc\\uff10-\\uffdc]";
const HAS_LETTER = new RegExp(LETTER);

/** Shorter beginnings of words than three letters would gather a large part of the whole index. */
const PREFIX = new RegExp(`${LETTER}{3}\\*$`);

/** One word or phrase. Identifiers such as `a/b.ts` and `snake_case` are phrases of their pieces. */
export interface Term {
  readonly text: string;
  /** Whether the last piece may go on. */
  readonly isPrefix: boolean;
}

const QUALIFIERS = [
  "agent",
  "model",
  "project",
  "device",
  "branch",
  "tag",
  "tool",
  "role",
  "is",
  "before",
  "after",
] as const;
export type QualifierName = (typeof QUALIFIERS)[number];

/** `name:value`, or `-name:value` for everything else. */
export interface Qualifier {
  readonly name: QualifierName;
  readonly value: string;
  readonly isExcluded: boolean;
}

/** A search taken apart. All groups must match, of a group any term, and no excluded one. */
export interface SearchQuery {
  readonly groups: readonly (readonly Term[])[];
  readonly excluded: readonly Term[];
  readonly qualifiers: readonly Qualifier[];
  /** What was left out because there was too much. */
  readonly ignored: readonly string[];
}

/**
 * A piece of what was typed: an optional minus, an optional `name:`, then a quoted text or a run of anything else. A
 * quote that nobody closes reaches to the end. Without the flag `i`: with it the VM takes 90 ms to fold all of Unicode.
 */
const PIECE = /(-?)(?:([A-Za-z]+):)?(?:"([^"]*)(?:"|$)|([^\s"]\S*))/g;

/** Reads what a person typed. */
export function parseQuery(typed: string): SearchQuery {
  const groups: Term[][] = [];
  const excluded: Term[] = [];
  const qualifiers: Qualifier[] = [];
  const ignored: string[] = [];
  let joinsLast = false;
  let count = 0;
  for (const [piece, minus = "", name = "", quoted, bare = ""] of typed.matchAll(PIECE)) {
    if (piece === "OR") {
      joinsLast = groups.length > 0;
      continue;
    }
    count += 1;
    if (count > MAX_TERMS) {
      ignored.push(piece);
      continue;
    }
    const qualifier = qualifierOf(name, quoted ?? bare, minus !== "");
    if (qualifier) {
      qualifiers.push(qualifier);
      continue;
    }
    // An unknown name is a word like any other: `std::vector`, `http://x`, `note:this`.
    const text = quoted === undefined ? piece.slice(minus.length) : `${name} ${quoted}`.trim();
    const term = termOf(text, quoted === undefined);
    if (term && minus !== "") excluded.push(term);
    else if (term && joinsLast) groups.at(-1)?.push(term);
    else if (term) groups.push([term]);
    joinsLast = false;
  }
  return { groups, excluded, qualifiers, ignored };
}

function qualifierOf(name: string, value: string, isExcluded: boolean): Qualifier | undefined {
  const known = QUALIFIERS.find((candidate) => candidate === name.toLowerCase());
  if (known === undefined || value === "") return undefined;
  if (known === "is" && value.toLowerCase() !== "error") return undefined;
  if ((known === "before" || known === "after") && parseTime(value) === undefined) return undefined;
  return { name: known, value, isExcluded };
}

/** Undefined for what holds nothing that could be looked for, such as `->`. */
function termOf(text: string, mayBePrefix: boolean): Term | undefined {
  if (!HAS_LETTER.test(text)) return undefined;
  const isPrefix = mayBePrefix && PREFIX.test(text);
  return { text: isPrefix ? text.slice(0, -1) : text, isPrefix };
}
