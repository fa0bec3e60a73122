import { queryOne } from "../lib/vm.ts";
import { type Found, numberRows, type Search } from "./scan.ts";
import { titlesSql } from "./statements.ts";

/** Sessions found by title, at most: the ones that arrived last. */
export const MAX_TITLES = 300;

/** The sessions whose title matches, in order of their last activity, which is not after `until`. */
export function findTitles({ app, userId, match, filters, until }: Search): Found[] {
  const bindings = { ...filters.bindings, user: userId, match, until, limit: MAX_TITLES };
  const found = queryOne(app, titlesSql(filters), bindings, { found: "" })?.found ?? "";
  return numberRows(found).map(([session = 0, at = 0]) => ({ session, at, hit: 0, hits: 0 }));
}
