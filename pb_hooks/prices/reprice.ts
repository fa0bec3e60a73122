import { signalAll } from "../lib/activity.ts";
import { type Bindings, execute, queryOne } from "../lib/vm.ts";
import { FOLLOW_IN_CHUNK } from "../sql/sums.ts";
import type { ReportedName } from "./look-up.ts";
import { isOpen, isUnreported, priceRows } from "./statements.ts";

/** Rows that one transaction looks at: other writers wait for the length of one. */
const ROWS_AT_ONCE = 1000;

/** How many rows have another price than before. */
export interface Repriced {
  readonly sessions: number;
  readonly messages: number;
}

const CHUNK_OF_MESSAGES = `FROM messages r WHERE r.model = {:model} AND r.provider = {:provider}
  AND r.rowid > {:after} AND r.rowid <= {:last} AND ${isOpen("r")}`;

const CHUNK_OF_SESSIONS = `FROM sessions r WHERE r.rowid > {:after} AND r.rowid <= {:last} AND ${isOpen("r")}`;

/** Open pages read what has been written since they looked. */
const MARK = "syncedAt = {:stamp}";

/** Bind `stamp` too. */
export const PRICE_MESSAGES = priceRows("messages", CHUNK_OF_MESSAGES, MARK);
export const PRICE_SESSIONS = priceRows("sessions", CHUNK_OF_SESSIONS, MARK);

/** Owners of the rows of a chunk that were written: `users`, ids with commas in between. Bind `stamp` too. */
const usersOf = (chunk: string) =>
  `SELECT coalesce(group_concat(DISTINCT nullif(r.user, '')), '') AS users ${chunk} AND r.${MARK}`;
export const USERS_OF_MESSAGES = usersOf(CHUNK_OF_MESSAGES);
export const USERS_OF_SESSIONS = usersOf("FROM sessions r WHERE r.rowid > {:after} AND r.rowid <= {:last}");

/** Last rowid of the next chunk; 0 when there is none. Bind `model`, `provider`, `after`, `rows`. */
export const NEXT_MESSAGES = `SELECT coalesce(max(id), 0) AS last FROM (SELECT r.rowid AS id FROM messages r
WHERE r.model = {:model} AND r.provider = {:provider} AND ${isUnreported("r")} AND r.rowid > {:after}
ORDER BY r.rowid LIMIT {:rows})`;

const NEXT_SESSIONS = `SELECT coalesce(max(id), 0) AS last FROM (SELECT rowid AS id FROM sessions
WHERE rowid > {:after} ORDER BY rowid LIMIT {:rows})`;

/** Greater than every earlier stamp of anybody, see ingest; there are few accounts. Bind `now`. */
export const READ_STAMP = `SELECT max({:now}, coalesce(max(last), 0) + 1) AS stamp
FROM (SELECT (SELECT max(s.syncedAt) FROM sessions s WHERE s.user = u.id) AS last FROM users u)`;

/** The statements of one table. */
interface Chunks {
  readonly next: string;
  readonly users: string;
  /** None writes a row that another one of them has written. */
  readonly updates: readonly string[];
}

const MESSAGES: Chunks = { next: NEXT_MESSAGES, users: USERS_OF_MESSAGES, updates: [PRICE_MESSAGES] };
const SESSIONS: Chunks = { next: NEXT_SESSIONS, users: USERS_OF_SESSIONS, updates: [FOLLOW_IN_CHUNK, PRICE_SESSIONS] };

/**
 * Brings the rows of some models up to the prices as they are now, in short transactions, and after them all sessions,
 * which may show sums of their messages. Interrupted, it can be done again: rows that are right are not written. Signals
 * it to those whose rows change.
 * @param app no transaction's handle
 */
export function reprice(app: core.App, names: readonly ReportedName[]): Repriced {
  let messages = 0;
  for (const name of names) messages += inChunks(app, MESSAGES, { ...name });
  return { messages, sessions: inChunks(app, SESSIONS, {}) };
}

function inChunks(app: core.App, chunks: Chunks, bindings: Bindings): number {
  let changed = 0;
  for (let after = 0; ; ) {
    const { last } = queryOne(app, chunks.next, { ...bindings, after, rows: ROWS_AT_ONCE }, { last: 0 }) ?? { last: 0 };
    if (last === 0) return changed;
    app.runInTransaction((txApp) => {
      changed += priceChunk(txApp, chunks, { ...bindings, after, last });
    });
    after = last;
  }
}

function priceChunk(txApp: core.App, chunks: Chunks, chunk: Bindings): number {
  const now = Date.now();
  const stamp = queryOne(txApp, READ_STAMP, { now }, { stamp: 0 })?.stamp ?? now;
  let changed = 0;
  for (const update of chunks.updates) changed += execute(txApp, update, { ...chunk, stamp });
  if (changed === 0) return 0;
  const users = queryOne(txApp, chunks.users, { ...chunk, stamp }, { users: "" })?.users ?? "";
  signalAll(txApp, users, now);
  return changed;
}
