import type { BulkSessionsAnswer } from "@opensync/client";
import { MAX_CHANGES_BYTES, readChanges } from "../curation/changes.ts";
import {
  type Action,
  byIds,
  type Choose,
  change,
  curate,
  matching,
  moveToTrash,
  purge,
  restore,
} from "../curation/curate.ts";
import { countPending, emptyTrash } from "../curation/empty-trash.ts";
import { MAX_CHOSEN } from "../curation/sql.ts";
import { badRequest, tooLarge } from "../lib/errors.ts";
import { type Fields, readFields } from "../lib/fields.ts";
import { guard } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader, requireUser } from "../lib/reader.ts";
import { respondJson } from "../lib/respond.ts";
import { queryOne } from "../lib/vm.ts";
import { sessionFilter } from "../reading/session-filter.ts";
import { EVERYTHING, narrowByText } from "../search/narrow.ts";

/** UTF-16 units of an externalId, which has at most so many bytes. */
const MAX_ID_LENGTH = 512;

const ACTIONS = ["patch", "delete", "restore", "purge"] as const;

/**
 * `POST /api/sessions/bulk {action, ids | matching: true, after?, changes?}`: does the same to many sessions, in one
 * transaction: `patch` (with `changes`, as of one session), `delete`, `restore`, and for signed-in people alone `purge`.
 * With `ids`, up to 10,000; those that are nobody's, or somebody else's, are passed over. With `matching`, those that
 * `GET /api/sessions` lists with the same parameters in the address, 10,000 at a time: while `next` is a text, there
 * are more, behind it; it is the `after` of the next request.
 * Answers `{ok, chosen, changed, pending, next}`.
 */
export function handleBulkSessions(e: core.RequestEvent): void {
  guard(e, () => {
    const reader = requireReader(e);
    const fields = readFields(e, MAX_CHANGES_BYTES);
    const name = fields.text("action", 20);
    const action = readAction(name, fields);
    const userId = name === "purge" ? requireUser(e).id : reader.userId;
    const isMatching = fields.flag("matching");
    const choose = isMatching ? readFilter(e, fields, userId) : byIds(readIds(e.app, fields));
    const { chosen, changed, last } = curate(e.app, userId, choose, action);
    if (name === "purge") emptyTrash(e.app);
    const pending = name === "purge" ? countPending(e.app, userId) : 0;
    const next = isMatching && chosen === MAX_CHOSEN ? last : null;
    const answer: BulkSessionsAnswer = { ok: true, chosen, changed, pending, next };
    respondJson(e, answer);
  });
}

function readFilter(e: core.RequestEvent, fields: Fields, user: string): Choose {
  if (fields.isStated("ids")) throw badRequest("matching: expected either this or ids, got both");
  const parameters = new Parameters(e);
  const filter = narrowByText(e.app, parameters, sessionFilter(parameters, user), user, EVERYTHING);
  // A misspelt parameter would choose everything.
  parameters.refuseOthers();
  return matching(filter, fields.text("after", MAX_ID_LENGTH));
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
  if (ids === "") throw badRequest("ids: expected a list of the ids of sessions, or matching: true");
  const length = queryOne(app, "SELECT json_array_length({:ids}) AS n", { ids }, { n: 0 })?.n ?? 0;
  if (length > MAX_CHOSEN)
    throw tooLarge(`ids: ${length} sessions, at most ${MAX_CHOSEN} in one request: split the list.`);
  return ids;
}
