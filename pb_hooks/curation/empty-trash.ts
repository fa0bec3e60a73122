import { execute, queryOne } from "../lib/vm.ts";
import * as sql from "./sql.ts";

/** Messages that one transaction deletes: a tenth of a second or so, in which others who write have to wait. */
const MESSAGES_AT_ONCE = 300;

/** How long one call works, in milliseconds; the job that runs every minute does the rest. */
const WORK_MS = 10_000;

/**
 * Takes away the content of sessions whose time in the trash is over: messages, with them their words in the index,
 * their tokens and money in the roll-up, then all of the session's row but the id. Works in small transactions: what
 * is decided is decided by the row, so it may stop at any point and go on later.
 */
export function emptyTrash(app: core.App): void {
  const startMs = Date.now();
  for (let isDone = false; !isDone && Date.now() - startMs < WORK_MS; ) {
    app.runInTransaction((txApp) => {
      isDone = emptySome(txApp, Date.now());
    });
  }
}

/** Number of a user's sessions whose content is not gone yet. */
export function countPending(app: core.App, user: string): number {
  return queryOne(app, sql.COUNT_DUE, { user, now: Date.now() }, { n: 0 })?.n ?? 0;
}

/** @returns whether nothing is left to do */
function emptySome(txApp: core.App, now: number): boolean {
  const deleted = execute(txApp, sql.DELETE_DUE_MESSAGES, { now, limit: MESSAGES_AT_ONCE });
  execute(txApp, sql.CREATE_CHOSEN, {});
  execute(txApp, sql.CLEAR_CHOSEN, {});
  const emptied = execute(txApp, sql.CHOOSE_EMPTIED, { now, limit: MESSAGES_AT_ONCE });
  execute(txApp, sql.FORGET_DIGESTS, {});
  execute(txApp, sql.LEAVE_TOMBSTONES, {});
  execute(txApp, sql.DELETE_UNOWNED, {});
  execute(txApp, sql.CLEAR_CHOSEN, {});
  return deleted === 0 && emptied === 0;
}
