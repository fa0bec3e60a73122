import { emptyTrash } from "../curation/empty-trash.ts";
import { DISOWN_ORPHANS, FORGET_BLOCKS, FORGET_NAMES } from "../curation/sql.ts";
import { currentApp, describe, execute } from "../lib/vm.ts";

const RUNNING = "opensync:emptying-trash";

/** What is over after so many milliseconds has ended without a word: a run works for ten seconds. */
const STUCK_MS = 5 * 60 * 1000;

/**
 * Every minute: takes away what is due in the trash, in small steps. Runs never overlap: PocketBase starts a job also
 * while the one before is at work.
 */
export function runTrashJob(): void {
  const app = currentApp();
  const startMs = Date.now();
  if (startMs - Number(app.store().get(RUNNING) ?? 0) < STUCK_MS) return;
  app.store().set(RUNNING, startMs);
  try {
    execute(app, DISOWN_ORPHANS, { now: startMs });
    emptyTrash(app);
    execute(app, FORGET_NAMES, {});
    execute(app, FORGET_BLOCKS, {});
  } catch (cause) {
    app.logger().error("The trash could not be emptied; the next run goes on.", "cause", describe(cause));
  } finally {
    app.store().remove(RUNNING);
  }
}
