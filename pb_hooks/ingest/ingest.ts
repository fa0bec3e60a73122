import { signalActivity } from "../lib/activity.ts";
import { badRequest, tooLarge } from "../lib/errors.ts";
import { type KeyOwner, touchKey } from "../lib/keys.ts";
import { type Bindings, execute, queryAll, queryOne } from "../lib/vm.ts";
import { MAX_ITEMS } from "../sql/limits.ts";
import { UPSERT_MESSAGES } from "../sql/message.ts";
import { COUNT_CHANGED_MESSAGES, READ_OUTCOME, READ_POSITION } from "../sql/outcome.ts";
import { COUNT_WITHOUT_ROLE, REFUSE_WITHOUT_ROLE } from "../sql/roles.ts";
import { UPSERT_SESSIONS } from "../sql/session.ts";
import * as stage from "../sql/stage.ts";
import * as touched from "../sql/touched.ts";
import { cleanTexts } from "./clean-texts.ts";

/** An item that was not stored. */
export interface Problem {
  readonly list: stage.ListName;
  readonly position: number;
  readonly externalId: string;
  /** Field and expectation. */
  readonly text: string;
}

/** What became of a request. */
export interface Outcome {
  /** Valid items, now stored as sent. */
  readonly valid: Readonly<Record<stage.ListName, number>>;
  /** Distinct rows that became different, among them sessions that only follow their messages. */
  readonly changed: Readonly<Record<stage.ListName, number>>;
  readonly problems: readonly Problem[];
  /** Id of the row of a request's only item; "" when it is not valid. */
  readonly rowId: string;
}

/** A body that is one item of a list, or an object with both lists. */
export type Shape = stage.ListName | "batch";

/**
 * Stores what is valid of a body; the rest is told. The body stays text until SQLite takes it apart, once, onto the
 * stage; every step after that is one statement for all items.
 * @param key whose data it becomes
 * @throws HttpError 400 for a body that is not JSON or of another shape, 413 for too many items; nothing is stored then
 */
export function ingest(app: core.App, key: KeyOwner, body: string, shape: Shape): Outcome {
  let outcome: Outcome | undefined;
  app.runInTransaction((txApp) => {
    const lists = stageItems(txApp, body, shape);
    refuseInvalid(txApp, lists, key.userId);
    outcome = store(txApp, lists, key);
    execute(txApp, stage.CLEAR_STAGE, {});
    if (outcome.changed.sessions + outcome.changed.messages > 0) signalActivity(txApp, key.userId);
    touchKey(txApp, key.keyId);
  });
  if (!outcome) throw new Error("the transaction ended without an outcome");
  return outcome;
}

/** Puts the items of the body on the stage. Returns the lists that have any. */
function stageItems(txApp: core.App, body: string, shape: Shape): stage.ListName[] {
  execute(txApp, stage.CREATE_STAGE, {});
  if (execute(txApp, stage.STAGE_BODY, { body }) === 0) {
    throw badRequest("The body is not valid JSON, or it is nested deeper than 1,000 levels.");
  }
  const lists = shape === "batch" ? listsOfBatch(txApp) : [shape];
  const hasEscapes = count(txApp, stage.COUNT_ESCAPES) > 0;
  for (const list of lists) {
    execute(txApp, shape === "batch" ? stage.stageList(list) : stage.stageSingle(list), {});
    execute(txApp, stage.stageFields(list), {});
    if (hasEscapes) cleanTexts(txApp, list);
  }
  return lists;
}

function listsOfBatch(txApp: core.App): stage.ListName[] {
  const shape = { body: "", sessions: "", messages: "", sessionsCount: 0, messagesCount: 0 };
  const found = queryOne(txApp, stage.READ_SHAPE, {}, shape) ?? shape;
  if (found.body !== "object") throw badRequest(`The body must be a JSON object, got ${found.body}.`);
  const lists: stage.ListName[] = [];
  for (const list of ["sessions", "messages"] as const) {
    if (found[list] !== "" && found[list] !== "array") throw badRequest(`${list}: expected a list, got ${found[list]}`);
    const items = found[`${list}Count`];
    if (items > MAX_ITEMS) {
      throw tooLarge(`${list}: ${items} items, at most ${MAX_ITEMS} in one request: split the batch.`);
    }
    if (items > 0) lists.push(list);
  }
  return lists;
}

/** Marks the staged items that cannot be stored, with the reason. */
function refuseInvalid(txApp: core.App, lists: readonly stage.ListName[], user: string): void {
  for (const list of lists) execute(txApp, stage.findProblems(list), {});
  if (lists.includes("messages") && count(txApp, COUNT_WITHOUT_ROLE) > 0) execute(txApp, REFUSE_WITHOUT_ROLE, { user });
  execute(txApp, touched.TOUCH_SESSIONS, {});
  execute(txApp, touched.RESOLVE_SESSIONS, { user });
  if (count(txApp, touched.COUNT_DELETED) > 0) execute(txApp, touched.REFUSE_DELETED, {});
}

/** Stores the valid items: sessions, then messages, then what sessions show of their messages. */
function store(txApp: core.App, lists: readonly stage.ListName[], { userId: user, device }: KeyOwner): Outcome {
  const position = queryOne(txApp, READ_POSITION, { user }, { sessionRowid: 0, messageRowid: 0, lastStamp: 0 });
  if (!position) throw new Error("the position of new rows could not be read");
  const now = Date.now();
  // Greater than every earlier stamp of this user, so that it marks exactly the rows that this request changes.
  const stamp = Math.max(now, position.lastStamp + 1);
  const session = { user, device, stamp, now, rowid: position.sessionRowid };
  if (lists.includes("sessions")) execute(txApp, UPSERT_SESSIONS, session);
  if (lists.includes("messages")) execute(txApp, touched.CREATE_MISSING_SESSIONS, session);
  execute(txApp, touched.RESOLVE_SESSIONS, { user });
  const written = lists.includes("messages")
    ? execute(txApp, UPSERT_MESSAGES, { user, stamp, now, rowid: position.messageRowid })
    : 0;
  execute(txApp, touched.FOLLOW_MESSAGES, { stamp });
  return readOutcome(txApp, lists, stamp, written);
}

function readOutcome(txApp: core.App, lists: readonly stage.ListName[], stamp: number, written: number): Outcome {
  const shape = { sessions: 0, messages: 0, distinctMessages: 0, changedSessions: 0, rowId: "" };
  const found = queryOne(txApp, READ_OUTCOME, { stamp }, shape) ?? shape;
  // Each write is of a row of its own, unless the list names a message twice.
  const isDistinct = found.messages === found.distinctMessages || written < 2;
  const messages = isDistinct ? written : count(txApp, COUNT_CHANGED_MESSAGES, { stamp });
  return {
    valid: { sessions: found.sessions, messages: found.messages },
    changed: { sessions: found.changedSessions, messages },
    problems: lists.flatMap((list) => readProblems(txApp, list)),
    rowId: found.rowId,
  };
}

function readProblems(txApp: core.App, list: stage.ListName): Problem[] {
  const rows = queryAll(txApp, stage.readProblems(list), {}, { position: 0, externalId: "", problem: "" });
  return rows.map(({ position, externalId, problem }) => ({ list, position, externalId, text: problem }));
}

/** The number `n` that a query of one row gives. */
function count(txApp: core.App, sql: string, bindings: Bindings = {}): number {
  return queryOne(txApp, sql, bindings, { n: 0 })?.n ?? 0;
}
