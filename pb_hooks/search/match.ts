// A search as the text of an FTS5 MATCH. Every word of it is quoted and every query begins with the owner.

import type { SearchQuery, Term } from "./query.ts";

/** Names in code that a word is a part of: `user` → `getusername`, `usertable`. By word in small letters. */
export type Expansions = ReadonlyMap<string, readonly string[]>;

/**
 * The MATCH for one user's rows. The owner comes first, so that the index never visits the matches of others.
 * @param column restricts the words to one column of the index; "" = any
 */
export function matchOf(
  userId: string,
  { groups, excluded }: SearchQuery,
  column: string,
  expansions: Expansions,
): string {
  const owner = `owner : ${quoted(userId)}`;
  const wanted = groups.map((group) => anyOf(group, expansions)).join(" AND ");
  const inColumn = wanted !== "" && column !== "" ? `{${column}} : (${wanted})` : wanted;
  const all = inColumn === "" ? owner : `${owner} AND ${inColumn}`;
  return excluded.length === 0 ? all : `(${all}) NOT ${anyOf(excluded, expansions)}`;
}

/** The words that may be parts of names in code. */
export function expandableWords({ groups, excluded }: SearchQuery): string[] {
  return [...groups.flat(), ...excluded].filter(isPlainWord).map(({ text }) => text.toLowerCase());
}

function anyOf(terms: readonly Term[], expansions: Expansions): string {
  const alternatives = terms.flatMap((term) => [
    `${quoted(term.text)}${term.isPrefix ? " *" : ""}`,
    ...(isPlainWord(term) ? (expansions.get(term.text.toLowerCase()) ?? []).map(quoted) : []),
  ]);
  return `(${alternatives.join(" OR ")})`;
}

function isPlainWord({ text, isPrefix }: Term): boolean {
  return !isPrefix && /^[a-z0-9]+$/i.test(text);
}

/** FTS5's string: the tokenizer makes a phrase of whatever is inside. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
