import { guardBodyless } from "../lib/guard.ts";
import { MAX_CURSOR_LENGTH } from "../lib/page.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { respondQuery } from "../lib/respond.ts";
import { sessionFilter } from "../reading/session-filter.ts";
import { type Found, MAX_QUERY_LENGTH, search } from "../search/search.ts";
import { pageWithSnippets } from "../search/snippets.ts";
import { ANSWER, OLD_ANSWER } from "../search/statements.ts";

/**
 * `GET /api/search?q=`: the user's sessions in which something is found. `limit` (1 to 100), `sort=relevance|newest`,
 * `cursor`, `type`, and the filters of `sessionFilter`; with `v=2` also where it was found, the next page's cursor, and how exact the answer is.
 */
export function handleSearch(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const parameters = new Parameters(e);
    const isNew = parameters.oneOf("v", ["1", "2"], "1") === "2";
    const found = search(e.app, {
      userId,
      typed: parameters.text("q", MAX_QUERY_LENGTH),
      filter: sessionFilter(parameters, userId),
      sort: parameters.oneOf("sort", ["relevance", "newest"], "relevance"),
      limit: parameters.integer("limit", { absent: 20, min: 1, max: 100 }),
      cursor: parameters.text("cursor", MAX_CURSOR_LENGTH),
    });
    tellKind(e, parameters.text("type"));
    if (isNew) respondFound(e, userId, found);
    else
      respondQuery(e, OLD_ANSWER, {
        user: userId,
        page: JSON.stringify(found.page.sessions.map(({ session }) => [session])),
      });
  });
}

/** Meaning is not searched for, as long as nothing on the server knows it: words are, and the answer says so. */
function tellKind(e: core.RequestEvent, type: string): void {
  if (type !== "semantic" && type !== "hybrid") return;
  const header = e.response.header();
  header.set("X-OpenSync-Search", "fulltext");
  header.set("Access-Control-Expose-Headers", "X-OpenSync-Search");
}

function respondFound(e: core.RequestEvent, userId: string, { page, query, needles }: Found): void {
  const { isExact, ranked, searchedBackTo } = page;
  respondQuery(e, ANSWER, {
    user: userId,
    page: pageWithSnippets(e.app, userId, page.sessions, needles),
    cursor: page.nextCursor,
    exactness: JSON.stringify({
      isExact,
      ...(ranked !== undefined && { ranked }),
      ...(searchedBackTo >= 0 && { searchedBackTo }),
      ignored: query.ignored,
    }),
  });
}
