import { badRequest } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";
import { requireKey } from "../lib/keys.ts";
import { respondQuery } from "../lib/respond.ts";
import { LIST_MESSAGES } from "../sql/lists.ts";

/**
 * `GET /sync/sessions/messages?id=`: hash and version of each message of a session, by externalId, without content:
 * `{messages: {"<externalId>": [hash, updatedAt]}}`. Empty for a session that is not there.
 */
export function handleSyncSessionsMessages(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId: user } = requireKey(e, "sync");
    const id = e.request?.url?.query().get("id") ?? "";
    if (id === "") throw badRequest("id: expected the externalId of a session");
    respondQuery(e, LIST_MESSAGES, { user, id });
  });
}
