import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { respondQuery } from "../lib/respond.ts";
import { facetCounts } from "../reading/facets.ts";
import { sessionFilter } from "../reading/session-filter.ts";
import { narrowByText, readReach } from "../search/narrow.ts";

/**
 * `GET /api/sessions/facets`: how many sessions there are by agent, model, project, device, branch, tag, status and
 * eval status, under the filters of `GET /api/sessions` and its text.
 */
export function handleSessionsFacets(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const parameters = new Parameters(e);
    const filter = narrowByText(e.app, parameters, sessionFilter(parameters, userId), userId, readReach(parameters));
    const { sql, bindings } = facetCounts(parameters, filter);
    respondQuery(e, sql, bindings);
  });
}
