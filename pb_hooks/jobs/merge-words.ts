import { currentApp, describe, execute, queryOne } from "../lib/vm.ts";

/** Pages of an index that one step moves: a fraction of a second, in which other writers wait. */
const PAGES_A_STEP = 200;

/** How long a night's work may take, in milliseconds. The next night goes on. */
const MAX_MS = 60_000;

/**
 * Every night: merges segments of the indexes of words. Each request that stores messages adds a segment, and a search
 * looks into all of them; while messages come in, only what cannot wait is merged.
 */
export function runMergeJob(): void {
  const app = currentApp();
  const endMs = Date.now() + MAX_MS;
  try {
    for (const index of ["messages_fts", "sessions_fts"]) while (mergeStep(app, index) && Date.now() < endMs);
  } catch (cause) {
    app.logger().error("The indexes of words could not be merged; the next night goes on.", "cause", describe(cause));
  }
}

/** @returns whether there may be more to merge */
function mergeStep(app: core.App, index: string): boolean {
  let changes = 0;
  app.runInTransaction((txApp) => {
    const count = () => queryOne(txApp, "SELECT total_changes() AS n", {}, { n: 0 })?.n ?? 0;
    const before = count();
    execute(txApp, `INSERT INTO ${index} (${index}, rank) VALUES ('merge', {:pages})`, { pages: PAGES_A_STEP });
    changes = count() - before;
  });
  // FTS5 counts the command itself as one change, and two or more when it has merged something.
  return changes >= 2;
}
