import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { respondQuery } from "../lib/respond.ts";
import { sessionFilter } from "../reading/session-filter.ts";
import { readPage, sessionPage } from "../reading/session-page.ts";
import { narrowByText, readReach } from "../search/narrow.ts";
import { MAX_QUERY_LENGTH } from "../search/search.ts";

/**
 * `GET /api/sessions`: the user's sessions, filtered (see `sessionFilter` and `narrowByText`), sorted (`sort=updated|
 * created|tokens|cost|duration|messages`, `order=desc|asc`) and page by page (`limit` 1 to 10,000, `cursor`):
 * `{sessions, nextCursor, total?, exactness?}`.
 */
export function handleSessions(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const parameters = new Parameters(e);
    const asked = readPage(parameters, parameters.text("q", MAX_QUERY_LENGTH) !== "");
    // A further page is of the very same sessions.
    const reach = asked.after?.textBound ?? readReach(parameters);
    const filter = narrowByText(e.app, parameters, sessionFilter(parameters, userId), userId, reach);
    const { sql, bindings } = sessionPage(asked, filter);
    respondQuery(e, sql, bindings);
  });
}
