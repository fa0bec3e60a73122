// Brings the blocks and the names up to date, in steps: see pb_migrations/lib/search-aids.ts.

import { execute, queryAll, queryOne } from "../lib/vm.ts";
import { Names } from "./names.ts";

/** Rows of messages in one block; the same in the migration. */
export const BLOCK_ROWS = 1024;

/** Rows of one step: a writer waits for no longer than one of them takes to write. */
const BLOCK_STEP = 4 * BLOCK_ROWS;
const NAME_STEP = 1000;

/** Rows whose texts are in memory at one time. */
const READ_ROWS = 100;

/** Characters of each text of a message in which names are looked for. */
const MAX_TEXT = 100_000;

/** Milliseconds of one run. What is left then waits for the next minute. */
const RUN_MS = 45_000;

/**
 * Others need the processor too: after each step the run rests, for as long as the step took, and for much longer while
 * more messages come in than a step reads.
 */
const REST = 1;
const LONG_REST = 10;

/** Bind `from`, `to`: rows above the first, up to the second. */
export const NOTE_BLOCKS = `INSERT INTO search_blocks (user, block, oldest, newest)
  SELECT user, rowid / ${BLOCK_ROWS}, min(createdAt), max(createdAt) FROM messages
  WHERE rowid > {:from} AND rowid <= {:to} GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET oldest = min(oldest, excluded.oldest), newest = max(newest, excluded.newest)`;

/** All words of the messages above row `from`, up to `to`, by user. */
export const READ_TEXTS = `SELECT owner AS user, group_concat(${["text", "thinking", "toolInput", "toolOutput"]
  .map((column) => `substr(${column}, 1, ${MAX_TEXT})`)
  .join(" || ' ' || ")}, ' ') AS text
  FROM messages_fts_content WHERE rowid > {:from} AND rowid <= {:to} GROUP BY owner`;

/** Bind `user` and `names`: `[[name, uses, [word, …]], …]`. */
export const NOTE_NAMES = `INSERT INTO search_names (user, word, name, uses)
  SELECT {:user}, w.value, n.value ->> 0, n.value ->> 1
  FROM json_each({:names}) n CROSS JOIN json_each(n.value, '$[2]') w WHERE true
  ON CONFLICT DO UPDATE SET uses = uses + excluded.uses`;

const PROGRESS = `SELECT p.blocksUpTo AS blocks, p.namesUpTo AS names, coalesce((SELECT max(rowid) FROM messages), 0) AS last
  FROM search_progress p WHERE p.id = 1`;

/** A step counts only from where it began: rows may have been deleted meanwhile, and their numbers given out again. */
export const PASS_BLOCKS = "UPDATE search_progress SET blocksUpTo = {:to} WHERE id = 1 AND blocksUpTo = {:from}";
export const PASS_NAMES = "UPDATE search_progress SET namesUpTo = {:to} WHERE id = 1 AND namesUpTo = {:from}";

/** Users who have names here, and no message any more. */
export const FIND_EMPTIED = `SELECT u.id AS user FROM users u
  WHERE EXISTS (SELECT 1 FROM search_names n WHERE n.user = u.id)
    AND NOT EXISTS (SELECT 1 FROM sessions s CROSS JOIN messages m ON m.session = s.id WHERE s.user = u.id)`;

/** One run of the job: blocks first, since they are quick and decide how soon new messages are found in order of time. */
export function updateSearchAids(app: core.App): void {
  const endMs = Date.now() + RUN_MS;
  const progress = queryOne(app, PROGRESS, {}, { blocks: 0, names: 0, last: 0 });
  if (!progress) return;
  const { blocks, names, last } = progress;
  inSteps(app, { from: blocks, last, step: BLOCK_STEP, endMs }, (from, to) => passBlocks(app, from, to));
  const found = new Names();
  inSteps(app, { from: names, last, step: NAME_STEP, endMs }, (from, to) => passNames(app, found, from, to));
  for (const { user } of queryAll(app, FIND_EMPTIED, {}, { user: "" })) {
    execute(app, "DELETE FROM search_names WHERE user = {:user}", { user });
  }
}

/** Goes on while a step says so, there are rows left, and time. */
function inSteps(
  app: core.App,
  { from, last, step, endMs }: { from: number; last: number; step: number; endMs: number },
  pass: (from: number, to: number) => boolean,
): void {
  let before = last;
  for (let next = from; next < last && Date.now() < endMs; next += step) {
    const startMs = Date.now();
    if (!pass(next, Math.min(next + step, last))) return;
    if (next + step >= last) return;
    const now = queryOne(app, PROGRESS, {}, { last: 0 })?.last ?? before;
    const restMs = (Date.now() - startMs) * (now - before > step ? LONG_REST : REST);
    before = now;
    sleep(Math.max(0, Math.min(restMs, endMs - Date.now())));
  }
}

function passBlocks(app: core.App, from: number, to: number): boolean {
  let passed = false;
  app.runInTransaction((txApp) => {
    passed = execute(txApp, PASS_BLOCKS, { from, to }) > 0;
    if (passed) execute(txApp, NOTE_BLOCKS, { from, to });
  });
  return passed;
}

function passNames(app: core.App, found: Names, from: number, to: number): boolean {
  // Read outside of the transaction: writers do not wait for it.
  for (let start = from; start < to; start += READ_ROWS) {
    const rows = { from: start, to: Math.min(start + READ_ROWS, to) };
    for (const { user, text } of queryAll(app, READ_TEXTS, rows, { user: "", text: "" })) found.add(user, text);
  }
  const taken = found.take().map(([user, names]) => ({ user, names: JSON.stringify(names) }));
  let passed = false;
  app.runInTransaction((txApp) => {
    passed = execute(txApp, PASS_NAMES, { from, to }) > 0;
    if (passed) for (const bindings of taken) execute(txApp, NOTE_NAMES, bindings);
  });
  return passed;
}
