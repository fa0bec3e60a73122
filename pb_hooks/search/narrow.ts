// A text as one more filter of lists and facets: the sessions that a search for it finds, in whatever order.

import type { Parameters } from "../lib/parameters.ts";
import { type Bindings, queryOne } from "../lib/vm.ts";
import { allOf, type SessionFilter } from "../reading/session-filter.ts";
import { readExpansions } from "./expansions.ts";
import { type Filters, filtersOf, subjectOf } from "./filters.ts";
import { matchOf } from "./match.ts";
import { parseQuery, type SearchQuery } from "./query.ts";
import { END_OF_TIME, Scan, type Search } from "./scan.ts";
import { MAX_QUERY_LENGTH } from "./search.ts";
import { FOUND_SESSIONS } from "./statements.ts";
import { findTitles, NO_TITLES } from "./titles.ts";

/** Matches that are looked at while somebody waits: the newest messages, and the titles that arrived last. */
const MAX_MATCHES = 5_000;

/** Time after which looking on ends; what is slow to check (`is:error`), and frequent words that never meet, come to that. */
const LIMIT_MS = 150;

/** How far a text is looked for: among the newest matches, or among all that are newer than a moment; -1 = all there are. */
export type Reach = "newest" | number;

/** Among all matches, however long it takes. */
export const EVERYTHING = -1;

/**
 * The parameter `searchBackTo`: `searchedBackTo` of another answer, for the very same sessions, or 0 for everything.
 * @throws HttpError 400 for anything else
 */
export function readReach(parameters: Parameters): Reach {
  const range = { absent: EVERYTHING, min: 0, max: END_OF_TIME };
  const backTo = parameters.integer("searchBackTo", range);
  if (backTo === EVERYTHING) return "newest";
  return backTo === 0 ? EVERYTHING : backTo;
}

/** Sessions that are looked up one by one sooner than a walk passes all of a user's. */
const FEW_SESSIONS = 500;

/** SQL of whether a session `s` was found; `textSessions` is a JSON list of rowids. */
export const IS_FOUND = "s.rowid IN (SELECT value FROM json_each({:textSessions}))";

/** Sessions by rowid, as a JSON list, and how far was looked for them. */
interface FoundSessions {
  readonly sessions: string;
  readonly count: number;
  readonly isExact: boolean;
  readonly matches: number;
  readonly bound: number;
}

/**
 * A filter and the parameter `q` beside it, a text in the language of searches: only sessions that it finds are let
 * through. The same filter where there is no text. What is found does not depend on the other filters, so that a list and
 * its facets can speak of the same sessions.
 */
export function narrowByText(
  app: core.App,
  parameters: Parameters,
  filter: SessionFilter,
  userId: string,
  reach: Reach,
): SessionFilter {
  const typed = parameters.text("q", MAX_QUERY_LENGTH);
  if (typed === "") return filter;
  const query = parseQuery(typed);
  // The trash is the list's own business.
  const filters = filtersOf(query.qualifiers, { zone: filter.zone, hasTrash: true });
  const { condition, bindings, found } = conditionOf(app, userId, query, filters, reach);
  const conditions = new Map([...filter.conditions, ["text", condition] as const]);
  const { isExact = true, matches, bound = -1 } = found ?? {};
  const exactness = {
    isExact,
    ...(matches !== undefined && { matches }),
    ...(bound >= 0 && { searchedBackTo: bound }),
    ignored: query.ignored,
  };
  const isRare = found !== undefined && found.count <= FEW_SESSIONS;
  const text = { exactness: JSON.stringify(exactness), bound, isRare };
  return { sql: allOf(conditions), bindings: { ...filter.bindings, ...bindings }, conditions, zone: filter.zone, text };
}

interface TextCondition {
  /** SQL, on `sessions s`. */
  readonly condition: string;
  readonly bindings: Bindings;
  /** Absent where no message was asked. */
  readonly found?: FoundSessions;
}

function conditionOf(app: core.App, userId: string, query: SearchQuery, filters: Filters, reach: Reach): TextCondition {
  switch (subjectOf(query, filters)) {
    case "nothing":
      return { condition: "0", bindings: {} };
    case "sessions":
      return { condition: filters.ofSession, bindings: filters.bindings };
    case "messages": {
      const match = matchOf(userId, query, "", readExpansions(app, userId, query));
      const search = { app, userId, match, filters, until: END_OF_TIME, skipped: "[]" };
      const found = findSessions(search, query.groups.length > 0, reach);
      return { condition: IS_FOUND, bindings: { textSessions: found.sessions }, found };
    }
  }
}

/** @param hasWords whether any word must be there: a title is found only by one */
function findSessions(search: Search, hasWords: boolean, reach: Reach): FoundSessions {
  const mostTitles = reach === EVERYTHING ? -1 : MAX_MATCHES;
  const titles = hasWords ? findTitles(search, { limit: 0, afterAt: 0, afterSession: 0 }, mostTitles) : NO_TITLES;
  const scan = new Scan({ ...search, titled: titles.sessions }, LIMIT_MS);
  if (reach !== "newest") scan.stepDownTo(reach);
  else
    do scan.step(scan.hits, MAX_MATCHES);
    while (!scan.isComplete && scan.hits < MAX_MATCHES && !scan.isOutOfTime);
  const of = { found: scan.foundJson, titled: titles.sessions };
  return {
    ...(queryOne(search.app, FOUND_SESSIONS, of, { sessions: "", count: 0 }) ?? { sessions: "[]", count: 0 }),
    isExact: scan.isComplete && titles.count !== mostTitles,
    matches: scan.hits + titles.count,
    bound: scan.bound,
  };
}
