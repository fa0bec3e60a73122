import { READ_STAMP } from "../../curation/sql.ts";
import { ingest, type Problem } from "../../ingest/ingest.ts";
import { signalActivity } from "../../lib/activity.ts";
import { badRequest } from "../../lib/errors.ts";
import type { Reader } from "../../lib/reader.ts";
import { execute, queryOne } from "../../lib/vm.ts";
import * as sql from "./import-sql.ts";
import { ARCHIVE_VERSION } from "./write-archive.ts";

/** What became of some pieces of an archive. */
export interface Imported {
  /** Valid sessions and messages, now stored as they are in the archive unless the account has newer ones. */
  readonly sessions: number;
  readonly messages: number;
  /** Rows that became different. */
  readonly changed: { readonly sessions: number; readonly messages: number };
  readonly problems: readonly Problem[];
}

const CHECK = /^\{"check":\{"sha256":"([0-9a-f]{64})"\}\}$/;
const HEADER = /^\{"format":"([^"]*)","version":(\d+),/;

/**
 * Takes whole pieces of an archive into an account: as if their agents had sent them, and then what people had added.
 * The same pieces once more change nothing.
 * @param body lines, the last one a check or the end
 * @throws HttpError 400 when a piece is cut off, damaged or of another format; nothing is stored then
 */
export function readArchive(app: core.App, { userId: user, keyId }: Reader, body: string): Imported {
  const lines = checkedLines(body);
  const shape = { batch: "", states: 0, tombstones: 0, guesses: 0 };
  const items = queryOne(app, sql.READ_ITEMS, { lines }, shape);
  if (!items) throw badRequest("The archive's lines are not JSON.");
  const outcome = ingest(app, { userId: user, keyId, device: "" }, items.batch, "batch");
  if (items.states + items.tombstones + items.guesses > 0) {
    app.runInTransaction((txApp) => {
      execute(txApp, sql.CREATE_STATES, {});
      const { stamp } = queryOne(txApp, READ_STAMP, { user, now: Date.now() }, { stamp: 0 }) ?? { stamp: 0 };
      execute(txApp, sql.STAGE_STATES, { user, lines });
      execute(txApp, sql.TAKE_STATES, { user, stamp });
      if (items.tombstones > 0) execute(txApp, sql.TAKE_TOMBSTONES, { user, lines, stamp });
      if (items.guesses > 0) execute(txApp, sql.TAKE_GUESSES, { user, lines });
      execute(txApp, sql.CLEAR_STATES, {});
      signalActivity(txApp, user);
    });
  }
  return { ...outcome.valid, changed: outcome.changed, problems: outcome.problems };
}

/**
 * The lines that hold data, as a JSON list, after every piece was compared with its digest.
 * @throws HttpError 400
 */
function checkedLines(body: string): string {
  const data: string[] = [];
  let piece: string[] = [];
  for (const line of body.split("\n")) {
    const check = CHECK.exec(line)?.[1];
    if (check !== undefined) {
      if ($security.sha256(`${piece.join("\n")}\n`) !== check) {
        throw badRequest("A piece of the archive is damaged: its digest is another one than the archive says.");
      }
      data.push(...piece.filter((each) => !isHeader(each)));
      piece = [];
    } else if (line !== "" && !(piece.length === 0 && line.startsWith('{"end":'))) {
      piece.push(line);
    }
  }
  if (piece.length > 0) throw badRequest("The archive is cut off: its last piece has no line with its digest.");
  return `[${data.join(",")}]`;
}

function isHeader(line: string): boolean {
  const header = HEADER.exec(line);
  if (!header) return false;
  if (header[1] === "opensync-archive" && Number(header[2]) === ARCHIVE_VERSION) return true;
  throw badRequest(`This is not an archive of version ${ARCHIVE_VERSION} of OpenSync's format.`);
}
