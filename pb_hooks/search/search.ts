// From what was typed to a page of sessions.

import { badRequest } from "../lib/errors.ts";
import type { SessionFilter } from "../reading/session-filter.ts";
import type { Needle } from "./excerpt.ts";
import { readExpansions } from "./expansions.ts";
import { type Filters, filtersOf, subjectOf } from "./filters.ts";
import { findByActivity, findNewest, findNothing, findRelevant, type Page } from "./find.ts";
import { matchOf } from "./match.ts";
import { parseQuery, type SearchQuery } from "./query.ts";
import { needlesOf } from "./snippets.ts";

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
  const filters = filtersOf(query.qualifiers, { zone: filter.zone, sessions: filter });
  const names = readExpansions(app, userId, query);
  const match = matchOf(userId, query, "", names);
  const textMatch = matchOf(userId, query, "text", names);
  const find = choose(query, filters, sort);
  return {
    page: find({ app, userId, match, textMatch, hasWords: query.groups.length > 0, filters, limit, cursor }),
    query,
    needles: needlesOf(query, names),
  };
}

function choose(query: SearchQuery, filters: Filters, sort: Asked["sort"]) {
  switch (subjectOf(query, filters)) {
    case "nothing":
      return findNothing;
    case "sessions":
      return findByActivity;
    case "messages":
      // Without a word there is nothing to compare by relevance.
      return sort === "relevance" && query.groups.length > 0 ? findRelevant : findNewest;
  }
}
