import { archiveBodies, type ImportAnswer, importAnswerSchema } from "@opensync/client";
import type PocketBase from "pocketbase";
import { callApi } from "../../../lib/call-api.ts";

/** What has come of an archive so far. */
export interface ImportSums {
  /** Requests that the server has answered. */
  readonly requests: number;
  /** Of the file, in these requests. */
  readonly bytes: number;
  readonly sessions: number;
  readonly messages: number;
  /** Prices of the server's owner that were set. */
  readonly prices: number;
  /** Sessions and messages that were written: what is here as it is in the file is not. */
  readonly changed: { readonly sessions: number; readonly messages: number };
  /** What was left out and why; the first ones. */
  readonly errors: readonly string[];
  readonly errorCount: number;
}

export const NOTHING_IMPORTED: ImportSums = {
  ...{ requests: 0, bytes: 0, sessions: 0, messages: 0, prices: 0, changed: { sessions: 0, messages: 0 } },
  ...{ errors: [], errorCount: 0 },
};

/** Nobody reads more, and an archive of deleted sessions may have a million. */
const ERRORS_KEPT = 200;

/** A file that is no archive, or not all of one: trying again would not help. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

const BEGINNING = '{"format":"opensync-archive"';
const END = /(^|\n)\{"end":[^\n]*\}\n$/;

interface ImportOptions {
  /** What an earlier attempt has done: the requests of it are not sent again. */
  readonly from: ImportSums;
  readonly onProgress: (sums: ImportSums) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends an archive to the server, piece by piece; the file is never in memory as a whole.
 * @throws ArchiveError for another file or a part of one, what `callApi` throws when a piece is not taken; what was
 *   sent before is imported then
 */
export async function importArchive(
  server: PocketBase,
  file: File,
  { from, onProgress, signal }: ImportOptions,
): Promise<ImportSums> {
  if ((await file.slice(0, BEGINNING.length).text()) !== BEGINNING) {
    throw new ArchiveError("This file is no archive of OpenSync: choose one that “Export everything” has saved.");
  }
  let sums = from;
  let [bodies, last] = [0, ""];
  for await (const body of archiveBodies(textOf(file))) {
    bodies += 1;
    last = body;
    if (bodies <= from.requests) continue;
    const answer = await callApi(server, importAnswerSchema, "/api/archive", { method: "POST", body, signal });
    sums = addUp(sums, answer, new Blob([body]).size);
    onProgress(sums);
  }
  if (!END.test(last)) {
    throw new ArchiveError("The file is cut off: its last line is missing. Everything that is in it was imported.");
  }
  return sums;
}

function addUp(sums: ImportSums, answer: ImportAnswer, bytes: number): ImportSums {
  return {
    requests: sums.requests + 1,
    bytes: sums.bytes + bytes,
    sessions: sums.sessions + answer.sessions,
    messages: sums.messages + answer.messages,
    prices: sums.prices + answer.prices,
    changed: {
      sessions: sums.changed.sessions + answer.changed.sessions,
      messages: sums.changed.messages + answer.changed.messages,
    },
    errors: [...sums.errors, ...answer.errors].slice(0, ERRORS_KEPT),
    errorCount: sums.errorCount + answer.errors.length,
  };
}

/** The text of a file, bit by bit. Not every browser can loop over a stream itself. */
async function* textOf(file: File): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
