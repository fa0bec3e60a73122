import { ingestSingle } from "../ingest/ingest-single.ts";
import { readBody } from "../lib/body.ts";
import { guard } from "../lib/guard.ts";
import { requireKey } from "../lib/keys.ts";
import { respondJson } from "../lib/respond.ts";

/** `POST /sync/session`: stores one session: 200 `{ok, sessionId}` with the id of its row. */
export function handleSyncSession(e: core.RequestEvent): void {
  guard(e, () => {
    const key = requireKey(e, "sync");
    respondJson(e, { ok: true, sessionId: ingestSingle(e.app, key, readBody(e), "sessions") });
  });
}
