import { queryOne } from "../lib/vm.ts";
import { type Found, numberRows, type Search } from "./scan.ts";
import { titlesSql } from "./statements.ts";

/** Sessions found by title, at most: the ones that arrived last. */
export const MAX_TITLES = 300;

/** Sessions that were found by their title. */
export interface Titles {
  /** How many; not more than were asked for. */
  readonly count: number;
  /** All of them, as a JSON list: it only goes back into SQL. */
  readonly sessions: string;
  /** The first of those that were asked for, in order of their last activity. */
  readonly shown: readonly Found[];
}

export const NO_TITLES: Titles = { count: 0, sessions: "[]", shown: [] };

/** Which of the sessions are asked for: at most so many, after this place in the order. */
export interface ShownTitles {
  readonly limit: number;
  readonly afterAt: number;
  readonly afterSession: number;
}

/**
 * The sessions whose title matches, and whose last activity is not after `until`.
 * @param most how many are found at most: the ones that arrived last; -1 = all
 */
export function findTitles(
  { app, userId, match, filters, until, skipped }: Search,
  asked: ShownTitles,
  most = MAX_TITLES,
): Titles {
  const { limit: shownLimit, afterAt, afterSession } = asked;
  const bindings = { ...filters.bindings, user: userId, match, until, skipped, limit: most };
  const shape = { count: 0, sessions: "", shown: "" };
  const found = queryOne(app, titlesSql(filters), { ...bindings, shownLimit, afterAt, afterSession }, shape);
  if (!found) return NO_TITLES;
  const shown = numberRows(found.shown).map(([session = 0, at = 0]) => ({ session, at, hit: 0, hits: 0 }));
  return { count: found.count, sessions: found.sessions, shown };
}
