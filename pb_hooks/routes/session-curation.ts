import type { DeleteSessionAnswer, RestoreSessionAnswer } from "@opensync/client";
import { MAX_CHANGES_BYTES, readChanges } from "../curation/changes.ts";
import { byId, type Curated, change, curate, moveToTrash, purge, restore } from "../curation/curate.ts";
import { countPending, emptyTrash } from "../curation/empty-trash.ts";
import { READ_CURATION } from "../curation/sql.ts";
import { gone, notFound } from "../lib/errors.ts";
import { readFields } from "../lib/fields.ts";
import { guard, guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader, requireUser } from "../lib/reader.ts";
import { respondJson, respondQuery } from "../lib/respond.ts";

/**
 * `PATCH /api/sessions/{id} {customTitle?, tags?, addTags?, removeTags?, notes?, starred?, evalReady?, evalStatus?,
 * evalNotes?, expectedOutput?}`: changes what people add to a session and answers all of it. Nothing that agents send
 * is touched, nor the session's hash and updatedAt, so a sync sees no difference. 410 when it is in the trash.
 */
export function handleChangeSession(e: core.RequestEvent): void {
  guard(e, () => {
    const { userId } = requireReader(e);
    const changes = readChanges(readFields(e, MAX_CHANGES_BYTES));
    const id = sessionId(e);
    const curated = found(curate(e.app, userId, byId(id), change(changes)));
    if (curated.inTrash + curated.gone > 0) throw gone("This session is in the trash: restore it to change it.");
    respondQuery(e, READ_CURATION, { user: userId, id });
  });
}

/**
 * `DELETE /api/sessions/{id}`: into the trash, with the sessions of its sub-agents, for 30 days; agents cannot bring it
 * back. `?permanently=1`, for signed-in people alone, lets the content go at once. Answers
 * `{ok, deleted, purged, pending}`: sessions that became different, and those whose content still goes.
 */
export function handleDeleteSession(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const isPermanent = new Parameters(e).flag("permanently") ?? false;
    const userId = isPermanent ? requireUser(e).id : requireReader(e).userId;
    const { changed } = found(curate(e.app, userId, byId(sessionId(e)), isPermanent ? purge : moveToTrash));
    if (isPermanent) emptyTrash(e.app);
    const [deleted, purged] = isPermanent ? [0, changed] : [changed, 0];
    const pending = isPermanent ? countPending(e.app, userId) : 0;
    const answer: DeleteSessionAnswer = { ok: true, deleted, purged, pending };
    respondJson(e, answer);
  });
}

/**
 * `POST /api/sessions/{id}/restore`: out of the trash, as it was, with what was deleted together with it:
 * `{ok, restored, content}`. When the content is gone already, `content` is `gone`: the server then only takes the
 * session again when an agent's machine sends it.
 */
export function handleRestoreSession(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const { changed, gone } = found(curate(e.app, userId, byId(sessionId(e)), restore));
    const answer: RestoreSessionAnswer = { ok: true, restored: changed, content: gone > 0 ? "gone" : "restored" };
    respondJson(e, answer);
  });
}

function sessionId(e: core.RequestEvent): string {
  return e.request?.pathValue("id") ?? "";
}

/** Somebody else's session and none look the same. */
function found(curated: Curated): Curated {
  if (curated.chosen === 0) throw notFound("You have no session with this id.");
  return curated;
}
