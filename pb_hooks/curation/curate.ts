import { signalActivity } from "../lib/activity.ts";
import { badRequest } from "../lib/errors.ts";
import { type Bindings, execute, queryOne } from "../lib/vm.ts";
import type { SessionFilter } from "../reading/session-filter.ts";
import { type Changes, MAX_TAGS } from "./changes.ts";
import * as sql from "./sql.ts";

/** What a statement over the chosen sessions binds. */
interface Scope extends Bindings {
  readonly user: string;
  /** The time, in epoch milliseconds. */
  readonly now: number;
  /** The time that marks the changed rows: greater than every earlier one of this user. */
  readonly stamp: number;
}

/** How many sessions were chosen, with those that came along, and how many became different. */
export interface Curated {
  readonly chosen: number;
  readonly changed: number;
  /** ExternalId of the last one that was chosen; "" when none was. */
  readonly last: string;
  /** Chosen sessions that were in the trash before. */
  readonly inTrash: number;
  /** Chosen sessions whose content was gone before. */
  readonly gone: number;
}

/** Puts the ids of sessions of this user into the table of the chosen. */
export type Choose = (txApp: core.App, user: string) => void;

/** A chosen session by the id of its row. */
export function byId(id: string): Choose {
  return byIds(JSON.stringify([id]));
}

/** @param ids JSON list of the ids of rows */
export function byIds(ids: string): Choose {
  return (txApp, user) => execute(txApp, sql.CHOOSE_BY_ID, { user, ids });
}

/** All sessions of a filter, as many as one request may choose, behind the one with the externalId `after`. */
export function matching(filter: SessionFilter, after: string): Choose {
  return (txApp) => execute(txApp, sql.chooseMatching(filter.sql), { ...filter.bindings, after });
}

/** What can be done to chosen sessions: how many rows became different. */
export type Action = (txApp: core.App, scope: Scope) => number;

/** Changes what people add to sessions. */
export function change(changes: Changes): Action {
  return (txApp, { user, stamp }) => {
    const changed = execute(txApp, sql.CHANGE_CHOSEN, { user, stamp, ...changes });
    const most = queryOne(txApp, sql.MOST_TAGS, {}, { n: 0 })?.n ?? 0;
    if (most > MAX_TAGS) throw badRequest(`addTags: a session would have ${most} tags, at most ${MAX_TAGS} are kept`);
    return changed;
  };
}

/** Puts sessions into the trash, with what they started. */
export function moveToTrash(txApp: core.App, { user, stamp }: Scope): number {
  execute(txApp, sql.CHOOSE_DESCENDANTS, { user });
  return execute(txApp, sql.DELETE_CHOSEN, { user, stamp });
}

/** Takes sessions out of the trash, with what was deleted together with them; of those whose content is gone, the tombstone. */
export function restore(txApp: core.App, { user, stamp, now }: Scope): number {
  execute(txApp, sql.CHOOSE_DELETED_TOGETHER, { user });
  const forgotten = execute(txApp, sql.FORGET_CHOSEN, { user });
  return forgotten + execute(txApp, sql.RESTORE_CHOSEN, { user, stamp, now });
}

/** Lets the content of sessions go, with what they started; it cannot be undone. `emptyTrash` then takes it away. */
export function purge(txApp: core.App, { user, stamp, now }: Scope): number {
  execute(txApp, sql.CHOOSE_DESCENDANTS, { user });
  return execute(txApp, sql.PURGE_CHOSEN, { user, stamp, now });
}

/**
 * Does something to chosen sessions of a user, in one transaction, and signals it once.
 * @throws HttpError what the action throws; nothing is changed then
 */
export function curate(app: core.App, user: string, choose: Choose, action: Action): Curated {
  const nothing = { chosen: 0, last: "", inTrash: 0, gone: 0 };
  let curated: Curated | undefined;
  app.runInTransaction((txApp) => {
    const now = Date.now();
    const stamp = queryOne(txApp, sql.READ_STAMP, { user, now }, { stamp: 0 })?.stamp ?? now;
    execute(txApp, sql.CREATE_CHOSEN, {});
    // A transaction that was rolled back has emptied it as well; this is for one that ended without a word.
    execute(txApp, sql.CLEAR_CHOSEN, {});
    choose(txApp, user);
    const counts = queryOne(txApp, sql.COUNT_CHOSEN, { now }, nothing);
    const changed = action(txApp, { user, now, stamp });
    execute(txApp, sql.CLEAR_CHOSEN, {});
    if (changed > 0) signalActivity(txApp, user);
    curated = { ...nothing, ...counts, changed };
  });
  if (!curated) throw new Error("the transaction ended without an outcome");
  return curated;
}
