import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { respondQuery } from "../lib/respond.ts";
import { sessionFilter } from "../reading/session-filter.ts";
import { sessionPage } from "../reading/session-page.ts";

/**
 * `GET /api/sessions`: the user's sessions, filtered (see `sessionFilter`), sorted (`sort=updated|created|tokens|cost|
 * duration|messages`, `order=desc|asc`) and page by page (`limit` 1 to 10,000, `cursor`): `{sessions, nextCursor, total?}`.
 */
export function handleSessions(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const parameters = new Parameters(e);
    const { sql, bindings } = sessionPage(parameters, sessionFilter(parameters, userId));
    respondQuery(e, sql, bindings);
  });
}
