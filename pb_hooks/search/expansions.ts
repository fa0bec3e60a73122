import { queryAll } from "../lib/vm.ts";
import { type Expansions, expandableWords } from "./match.ts";
import type { SearchQuery } from "./query.ts";
import { NAMES_OF_WORD, READ_NAMES, READ_SHARED_NAMES } from "./statements.ts";

/** Look-ups of names among those of the other words; more only of very many words, 4,608 of twenty-four. */
const MAX_COMPARED = 2_000;

/** The names in a user's code that the words of a search are parts of. */
export function readExpansions(app: core.App, userId: string, query: SearchQuery): Expansions {
  const words = [...new Set(expandableWords(query))];
  if (words.length === 0) return new Map();
  const bindings = { user: userId, words: JSON.stringify(words) };
  const shape = { word: "", names: "" };
  const rows =
    words.length === 1
      ? queryAll(app, READ_NAMES, bindings, shape)
      : queryAll(app, READ_SHARED_NAMES, { ...bindings, most: mostCompared(words.length) }, shape);
  return new Map(rows.filter(({ names }) => names !== "").map(({ word, names }) => [word, names.split(" ")]));
}

/** How many names of each word are compared with those of the others: each of them is looked up under every word. */
export function mostCompared(words: number): number {
  return Math.max(NAMES_OF_WORD, Math.floor(MAX_COMPARED / words ** 2));
}
