import { queryAll } from "../lib/vm.ts";
import { type Expansions, expandableWords } from "./match.ts";
import type { SearchQuery } from "./query.ts";
import { READ_NAMES, READ_SHARED_NAMES } from "./statements.ts";

/** The names in a user's code that the words of a search are parts of. */
export function readExpansions(app: core.App, userId: string, query: SearchQuery): Expansions {
  const words = expandableWords(query);
  if (words.length === 0) return new Map();
  const bindings = { user: userId, words: JSON.stringify(words) };
  const rows = queryAll(app, words.length > 1 ? READ_SHARED_NAMES : READ_NAMES, bindings, { word: "", names: "" });
  return new Map(rows.map(({ word, names }) => [word, names.split(" ")]));
}
