import { currentApp, describe, execute, queryOne } from "../lib/vm.ts";

/** Pages of an index that one step moves: a fraction of a second, in which other writers wait. */
const PAGES_A_STEP = 200;

/** Milliseconds that one run may take when nothing was stored for a while, and when something was. */
const IDLE_MS = 5_000;
const BUSY_MS = 500;

/** Milliseconds without a change after which nobody is taken to be storing anything. */
const QUIET_MS = 15_000;

/** Merges the segments of one level of an index when there are four of them, FTS5's own default. Bind `pages`. */
const mergeSql = (index: string) => `INSERT INTO ${index} (${index}, rank) VALUES ('merge', {:pages})`;

/** When anybody's data changed last. */
const LAST_CHANGE = "SELECT coalesce(max(changedAt), 0) AS changedAt FROM activity";

/**
 * Every minute: merges segments of the indexes of words. Each request that stores messages adds a segment, and a search
 * seeks each of its words in all of them; the requests themselves merge only what cannot wait.
 */
export function runMergeJob(): void {
  const app = currentApp();
  const startMs = Date.now();
  const mayGoOn = () => {
    const changedAtMs = queryOne(app, LAST_CHANGE, {}, { changedAt: 0 })?.changedAt ?? 0;
    return Date.now() < endOfRun(startMs, changedAtMs);
  };
  try {
    for (const index of ["messages_fts", "sessions_fts"]) while (mayGoOn() && mergeStep(app, index));
  } catch (cause) {
    app.logger().error("The indexes of words could not be merged; the next run goes on.", "cause", describe(cause));
  }
}

/** Until when a run may work: it gives way as soon as somebody stores something. All in epoch milliseconds. */
export function endOfRun(startMs: number, changedAtMs: number): number {
  return startMs + (changedAtMs > startMs - QUIET_MS ? BUSY_MS : IDLE_MS);
}

/** @returns whether there may be more to merge */
function mergeStep(app: core.App, index: string): boolean {
  let changes = 0;
  app.runInTransaction((txApp) => {
    const count = () => queryOne(txApp, "SELECT total_changes() AS n", {}, { n: 0 })?.n ?? 0;
    const before = count();
    execute(txApp, mergeSql(index), { pages: PAGES_A_STEP });
    changes = count() - before;
  });
  // FTS5 counts the command itself as one change, and two or more when it has merged something.
  return changes >= 2;
}
