import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { respondQuery } from "../lib/respond.ts";
import { sessionFilter } from "../reading/session-filter.ts";
import { CONTEXT_MESSAGES, CONTEXT_TEXT } from "../search/context.ts";
import { MAX_QUERY_LENGTH, search } from "../search/search.ts";

/**
 * `GET /api/context?q=`: the last messages of the most relevant sessions, for putting them before a model. `limit` (1 to
 * 20 sessions), and the filters of `sessionFilter`; `format=text` is one text to read, anything else a list of messages.
 */
export function handleContext(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const parameters = new Parameters(e);
    const typed = parameters.text("q", MAX_QUERY_LENGTH);
    const limit = parameters.integer("limit", { absent: 5, min: 1, max: 20 });
    const filter = sessionFilter(parameters, userId);
    const { page } = search(e.app, { userId, typed, filter, sort: "relevance", limit, cursor: "" });
    const sessions = JSON.stringify(page.sessions.map(({ session }) => session));
    if (parameters.text("format") !== "text") respondQuery(e, CONTEXT_MESSAGES, { user: userId, sessions });
    else {
      const heading = `Relevant coding sessions for: "${typed}"`;
      respondQuery(e, CONTEXT_TEXT, { user: userId, sessions, heading });
    }
  });
}
