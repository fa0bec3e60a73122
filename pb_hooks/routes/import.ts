import type { ImportAnswer } from "@opensync/client";
import { readArchive } from "../exports/archive/read-archive.ts";
import { readBody } from "../lib/body.ts";
import { guard } from "../lib/guard.ts";
import { isSignedInOwner, requireReader } from "../lib/reader.ts";
import { respondJson } from "../lib/respond.ts";

/** Bytes of a body: one message, which came in a request of 8 MiB, and the lines around it. */
const MAX_BODY_BYTES = 9 * 1024 * 1024;

/**
 * `POST /api/archive` with some whole pieces of an archive: takes them into the caller's account. 200 `{ok, sessions,
 * messages, prices, changed, errors}`; prices of the owner's count only from the signed-in owner. 400 for a piece that is damaged or cut off, of which nothing is stored.
 */
export function handleImport(e: core.RequestEvent): void {
  guard(e, () => {
    const importer = { ...requireReader(e), setsPrices: isSignedInOwner(e) };
    const { problems, priceProblems, ...counts } = readArchive(e.app, importer, readBody(e, MAX_BODY_BYTES));
    const errors = problems.map(({ list, externalId, text }) => `${list} ${externalId.slice(0, 80)}: ${text}`);
    const answer: ImportAnswer = { ok: true, ...counts, errors: [...errors, ...priceProblems] };
    respondJson(e, answer);
  });
}
