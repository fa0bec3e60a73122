import type { BatchAnswer } from "@opensync/client";
import { ingest, type Problem } from "../ingest/ingest.ts";
import { readBody } from "../lib/body.ts";
import { guard } from "../lib/guard.ts";
import { requireKey } from "../lib/keys.ts";
import { respondJson } from "../lib/respond.ts";

/**
 * `POST /sync/batch {sessions?, messages?}`: stores what is valid, sessions before messages, in one transaction, and
 * names every item that is not: 200 `{ok, sessions, messages, errors, changed}`. At most 5,000 items a list, 8 MiB.
 */
export function handleSyncBatch(e: core.RequestEvent): void {
  guard(e, () => {
    const key = requireKey(e, "sync");
    const { valid, changed, problems } = ingest(e.app, key, readBody(e), "batch");
    const answer: BatchAnswer = { ok: true, ...valid, errors: problems.map(describeProblem), changed };
    respondJson(e, answer);
  });
}

/** `messages[3] m1: role: expected …` */
function describeProblem({ list, position, externalId, text }: Problem): string {
  return `${list}[${position}]${externalId === "" ? "" : ` ${externalId.slice(0, 80)}`}: ${text}`;
}
