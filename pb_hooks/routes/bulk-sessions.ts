import { MAX_CHANGES_BYTES, readChanges } from "../curation/changes.ts";
import { type Action, byIds, change, curate, moveToTrash, purge, restore } from "../curation/curate.ts";
import { countPending, emptyTrash } from "../curation/empty-trash.ts";
import { MAX_CHOSEN } from "../curation/sql.ts";
import { badRequest, tooLarge } from "../lib/errors.ts";
import { type Fields, readFields } from "../lib/fields.ts";
import { guard } from "../lib/guard.ts";
import { requireReader, requireUser } from "../lib/reader.ts";
import { respondJson } from "../lib/respond.ts";
import { queryOne } from "../lib/vm.ts";

const ACTIONS = ["patch", "delete", "restore", "purge"] as const;

/**
 * `POST /api/sessions/bulk {action, ids, changes?}`: does the same to up to 10,000 sessions, in one transaction:
 * `patch` (with `changes`, as of one session), `delete`, `restore`, and for signed-in people alone `purge`.
 * Ids that are nobody's, or somebody else's, are passed over.
 * Answers `{ok, chosen, changed, pending}`.
 */
export function handleBulkSessions(e: core.RequestEvent): void {
  guard(e, () => {
    const reader = requireReader(e);
    const fields = readFields(e, MAX_CHANGES_BYTES);
    const name = fields.text("action", 20);
    const userId = name === "purge" ? requireUser(e).id : reader.userId;
    const { chosen, changed } = curate(e.app, userId, byIds(readIds(e.app, fields)), readAction(name, fields));
    if (name === "purge") emptyTrash(e.app);
    respondJson(e, { ok: true, chosen, changed, pending: name === "purge" ? countPending(e.app, userId) : 0 });
  });
}

function readAction(name: string, fields: Fields): Action {
  switch (ACTIONS.find((action) => action === name)) {
    case "patch":
      return change(readChanges(fields.object("changes")));
    case "delete":
      return moveToTrash;
    case "restore":
      return restore;
    case "purge":
      return purge;
    default:
      throw badRequest(`action: expected ${ACTIONS.join(", ")}, got ${name}`);
  }
}

/** @returns a JSON list */
function readIds(app: core.App, fields: Fields): string {
  const ids = fields.textList("ids");
  if (ids === "") throw badRequest("ids: expected a list of the ids of sessions");
  const length = queryOne(app, "SELECT json_array_length({:ids}) AS n", { ids }, { n: 0 })?.n ?? 0;
  if (length > MAX_CHOSEN)
    throw tooLarge(`ids: ${length} sessions, at most ${MAX_CHOSEN} in one request: split the list.`);
  return ids;
}
