import { execute, queryOne } from "../lib/vm.ts";
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

export const PRICE_MESSAGES = priceRows("messages", CHUNK_OF_MESSAGES);
export const PRICE_SESSIONS = priceRows("sessions", CHUNK_OF_SESSIONS);

/** Last rowid of the next chunk; 0 when there is none. Bind `model`, `provider`, `after`, `rows`. */
export const NEXT_MESSAGES = `SELECT coalesce(max(id), 0) AS last FROM (SELECT r.rowid AS id FROM messages r
WHERE r.model = {:model} AND r.provider = {:provider} AND ${isUnreported("r")} AND r.rowid > {:after}
ORDER BY r.rowid LIMIT {:rows})`;

const NEXT_SESSIONS = `SELECT coalesce(max(id), 0) AS last FROM (SELECT rowid AS id FROM sessions
WHERE rowid > {:after} ORDER BY rowid LIMIT {:rows})`;

/**
 * Brings the rows of some models up to the prices as they are now, in short transactions. Interrupted, it can be done
 * again: rows that are right are not written.
 * @param app no transaction's handle
 */
export function reprice(app: core.App, names: readonly ReportedName[]): Repriced {
  let messages = 0;
  for (const name of names) messages += inChunks(app, NEXT_MESSAGES, PRICE_MESSAGES, { ...name });
  return { messages, sessions: inChunks(app, NEXT_SESSIONS, PRICE_SESSIONS, {}) };
}

function inChunks(app: core.App, next: string, statement: string, bindings: Record<string, string>): number {
  let changed = 0;
  for (let after = 0; ; ) {
    const { last } = queryOne(app, next, { ...bindings, after, rows: ROWS_AT_ONCE }, { last: 0 }) ?? { last: 0 };
    if (last === 0) return changed;
    app.runInTransaction((txApp) => {
      changed += execute(txApp, statement, { ...bindings, after, last });
    });
    after = last;
  }
}
