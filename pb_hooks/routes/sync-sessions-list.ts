import { badRequest } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";
import { requireKey } from "../lib/keys.ts";
import { respondQuery } from "../lib/respond.ts";
import { LIST_DIGESTS, LIST_SESSIONS } from "../sql/lists.ts";

/**
 * `GET /sync/sessions/list`: ids of all sessions of the key's user, ordered, deleted ones included:
 * `{sessionIds, digests?, deleted?}`. `?digests=1` adds the last two; `?source=`, `?after=` (exclusive) and `?limit=` narrow.
 */
export function handleSyncSessionsList(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId: user } = requireKey(e, "sync");
    const query = (name: string) => e.request?.url?.query().get(name) ?? "";
    const bindings = { user, after: query("after"), source: query("source"), limit: parseLimit(query("limit")) };
    respondQuery(e, query("digests") === "1" ? LIST_DIGESTS : LIST_SESSIONS, bindings);
  });
}

/** Returns -1, SQLite's word for no limit, when absent. */
function parseLimit(text: string): number {
  if (text === "") return -1;
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw badRequest(`limit: expected a whole number above 0, got ${text.slice(0, 40)}`);
  return Number(text);
}
