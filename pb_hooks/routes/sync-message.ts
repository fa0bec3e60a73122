import { ingestSingle } from "../ingest/ingest-single.ts";
import { readBody } from "../lib/body.ts";
import { guard } from "../lib/guard.ts";
import { requireKey } from "../lib/keys.ts";
import { respondJson } from "../lib/respond.ts";

/** `POST /sync/message`: stores one message, and its session if there is none: 200 `{ok, messageId}` with the id of its row. */
export function handleSyncMessage(e: core.RequestEvent): void {
  guard(e, () => {
    const key = requireKey(e, "sync");
    respondJson(e, { ok: true, messageId: ingestSingle(e.app, key, readBody(e), "messages") });
  });
}
