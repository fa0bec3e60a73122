import { badRequest } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";
import { requireKey } from "../lib/keys.ts";
import { respondQuery } from "../lib/respond.ts";
import { LIST_MESSAGES, LIST_VERSIONS } from "../sql/lists.ts";

/**
 * `GET /sync/sessions/messages?id=`: hash and version of each message of a session, by externalId, without content:
 * `{messages: {"<externalId>": [hash, updatedAt]}}`. Empty for a session that is not there. `?removed=1` adds `removed`,
 * the messages removed in the agent's store, and `session`, hash and version of the session itself.
 */
export function handleSyncSessionsMessages(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId: user } = requireKey(e, "sync");
    const query = (name: string) => e.request?.url?.query().get(name) ?? "";
    const id = query("id");
    if (id === "") throw badRequest("id: expected the externalId of a session");
    respondQuery(e, query("removed") === "1" ? LIST_VERSIONS : LIST_MESSAGES, { user, id });
  });
}
