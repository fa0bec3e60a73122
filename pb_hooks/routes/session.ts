import { badRequest, notFound } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";
import { decodeCursor, MAX_CURSOR_LENGTH } from "../lib/page.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { respondQuery } from "../lib/respond.ts";
import { queryOne } from "../lib/vm.ts";
import { FIND_SESSION, READ_SESSION } from "../reading/session-detail.ts";

/** Messages that one page may have. */
const MAX_MESSAGES = 5_000;

/**
 * `GET /api/sessions/get?id=` and `GET /api/sessions/{id}`: a session, by its own id or its agent's, with a page of its
 * messages, oldest first: `{session, messages, nextCursor}`. A page ends after `limit` messages (1000 unless asked,
 * 0 for none) or 8 MiB of them; `cursor` is where it begins. One in the trash is found with `status=deleted` only.
 */
export function handleSession(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId: user } = requireReader(e);
    const parameters = new Parameters(e);
    const id = e.request?.pathValue("id") || parameters.text("id", 512);
    if (id === "")
      throw badRequest("Missing session ID: expected the id or externalId of a session in the parameter id");
    const deleted = parameters.oneOf("status", ["active", "deleted"], "active") === "deleted";
    const limit = parameters.integer("limit", { absent: 1_000, min: 0, max: MAX_MESSAGES });
    const cursor = parameters.text("cursor", MAX_CURSOR_LENGTH);
    const [afterTime = -1, afterRow = 0] = cursor === "" ? [] : decodeCursor(cursor, ["number", "number"]);
    const found = queryOne(e.app, FIND_SESSION, { user, id, deleted }, { id: "" });
    if (!found) throw notFound("Session not found");
    respondQuery(e, READ_SESSION, { user, session: found.id, afterTime, afterRow, limit });
  });
}
