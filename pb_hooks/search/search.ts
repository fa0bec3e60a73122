// From what was typed to a page of sessions.

import { badRequest } from "../lib/errors.ts";
import { queryAll } from "../lib/vm.ts";
import type { SessionFilter } from "../reading/session-filter.ts";
import type { Needle } from "./excerpt.ts";
import { ANY, type Filters, filtersOf } from "./filters.ts";
import { findByActivity, findNewest, findNothing, findRelevant, type Page } from "./find.ts";
import { type Expansions, expandableWords, matchOf } from "./match.ts";
import { parseQuery, type SearchQuery } from "./query.ts";
import { needlesOf } from "./snippets.ts";
import { READ_NAMES, READ_SHARED_NAMES } from "./statements.ts";

/** UTF-16 units of what may be typed. */
export const MAX_QUERY_LENGTH = 1_000;

/** What is asked for. */
export interface Asked {
  readonly userId: string;
  readonly typed: string;
  /** Which sessions may be found; the owner's. */
  readonly filter: SessionFilter;
  readonly sort: "relevance" | "newest";
  readonly limit: number;
  readonly cursor: string;
}

/** A page, and what its snippets mark. */
export interface Found {
  readonly page: Page;
  readonly query: SearchQuery;
  readonly needles: readonly Needle[];
}

/**
 * Searches one user's sessions.
 * @throws HttpError 400 when nothing is asked for, and for a cursor of another search
 */
export function search(app: core.App, { userId, typed, filter, sort, limit, cursor }: Asked): Found {
  if (typed === "") throw badRequest("Missing query parameter 'q'");
  const query = parseQuery(typed);
  const filters = filtersOf(query.qualifiers, filter);
  const names = namesOf(app, userId, query);
  const match = matchOf(userId, query, "", names);
  const textMatch = matchOf(userId, query, "text", names);
  const find = choose(query, filters, sort);
  return {
    page: find({ app, userId, match, textMatch, hasWords: query.groups.length > 0, filters, limit, cursor }),
    query,
    needles: needlesOf(query, names),
  };
}

function choose({ groups, excluded, qualifiers }: SearchQuery, filters: Filters, sort: Asked["sort"]) {
  if (groups.length > 0) return sort === "newest" ? findNewest : findRelevant;
  // Without a word there is nothing to compare by relevance.
  if (excluded.length > 0 || filters.ofMessage !== ANY) return findNewest;
  return qualifiers.length > 0 ? findByActivity : findNothing;
}

function namesOf(app: core.App, userId: string, query: SearchQuery): Expansions {
  const words = expandableWords(query);
  if (words.length === 0) return new Map();
  const bindings = { user: userId, words: JSON.stringify(words) };
  const rows = queryAll(app, words.length > 1 ? READ_SHARED_NAMES : READ_NAMES, bindings, { word: "", names: "" });
  return new Map(rows.map(({ word, names }) => [word, names.split(" ")]));
}
