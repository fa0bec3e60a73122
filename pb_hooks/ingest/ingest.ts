import { signalActivity } from "../lib/activity.ts";
import { keepCompiled } from "../lib/compiled.ts";
import { badRequest, tooLarge } from "../lib/errors.ts";
import { type KeyOwner, touchKey } from "../lib/keys.ts";
import { type Bindings, execute, queryAll, queryOne } from "../lib/vm.ts";
import { pricePartials, priceSnapshots } from "../prices/price-request.ts";
import { COUNT_REPEATED_ITEMS, FIND_KNOWN, FORGET_KNOWN } from "../sql/known.ts";
import { MAX_ITEMS } from "../sql/limits.ts";
import { UPSERT_PARTIAL_MESSAGES, UPSERT_SNAPSHOT_MESSAGES } from "../sql/message.ts";
import { COUNT_CHANGED_MESSAGES, COUNT_REPEATED, READ_OUTCOME, READ_POSITION } from "../sql/outcome.ts";
import { REFUSE_WITHOUT_ROLE } from "../sql/roles.ts";
import { UPSERT_PARTIAL_SESSIONS, UPSERT_SNAPSHOT_SESSIONS } from "../sql/session.ts";
import * as stage from "../sql/stage.ts";
import { FOLLOW_MESSAGES } from "../sql/sums.ts";
import * as touched from "../sql/touched.ts";
import { cleanTexts } from "./clean-texts.ts";
import { USUAL_STATEMENTS } from "./usual-statements.ts";

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
 * @param app a transaction's handle where more belongs to it than the body
 * @param key whose data it becomes
 * @throws HttpError 400 for a body that is not JSON or of another shape, 413 for too many items; nothing is stored then
 */
export function ingest(app: core.App, key: KeyOwner, body: string, shape: Shape): Outcome {
  let outcome: Outcome | undefined;
  keepCompiled(app, stage.CREATE_STAGE, USUAL_STATEMENTS);
  app.runInTransaction((txApp) => {
    const { lists, known } = stageItems(txApp, body, shape, key.userId);
    outcome =
      lists.length === 0 ? nothingNew(known) : store(txApp, refuseInvalid(txApp, lists, key.userId), key, known);
    execute(txApp, stage.CLEAR_STAGE, {});
    if (outcome.changed.sessions + outcome.changed.messages > 0) signalActivity(txApp, key.userId);
    touchKey(txApp, key.keyId);
  });
  if (!outcome) throw new Error("the transaction ended without an outcome");
  return outcome;
}

/** What became of a request that brings nothing but messages which are stored already. */
function nothingNew(known: number): Outcome {
  return { valid: { sessions: 0, messages: known }, changed: { sessions: 0, messages: 0 }, problems: [], rowId: "" };
}

/** What is on the stage of a list. */
interface Staged {
  readonly list: stage.ListName;
  readonly snapshots: number;
  readonly partials: number;
  /** Whether items of it were refused. */
  readonly hasProblems: boolean;
}

/**
 * Puts the items of the body on the stage.
 * @returns the lists that have something to store, and how many messages are `known`: stored already, exactly as they
 * are sent
 */
function stageItems(txApp: core.App, body: string, shape: Shape, user: string) {
  execute(txApp, stage.CREATE_STAGE, {});
  // SQLite reads no further than a NUL, so what comes behind one would be dropped without a word.
  if (body.includes("\0") || execute(txApp, stage.STAGE_BODY, { body }) === 0) {
    throw badRequest("The body is not valid JSON, or it is nested deeper than 1,000 levels.");
  }
  const empty = { body: "", sessions: "", messages: "", sessionsCount: 0, messagesCount: 0 };
  const found = queryOne(txApp, stage.READ_SHAPE, {}, empty) ?? empty;
  if (found.body !== "object") throw badRequest(`The body must be a JSON object, got ${found.body}.`);
  const hasEscapes = body.includes("\\u");
  const lists: stage.ListName[] = [];
  let known = 0;
  for (const list of shape === "batch" ? listsOf(found) : [shape]) {
    const { stageList, stageSingle, stageFields } = stage.STAGE[list];
    execute(txApp, shape === "batch" ? stageList : stageSingle, {});
    // A single message is answered with the id of its row, which is found by way of its fields.
    if (shape === "batch" && list === "messages") {
      known = findKnown(txApp, user, found.messagesCount);
      if (known === found.messagesCount) continue;
    }
    lists.push(list);
    execute(txApp, stageFields, {});
    if (hasEscapes) cleanTexts(txApp, list);
  }
  return { lists, known };
}

function findKnown(txApp: core.App, user: string, items: number): number {
  const known = execute(txApp, FIND_KNOWN, { user });
  if (known === 0 || known === items || count(txApp, COUNT_REPEATED_ITEMS) === 0) return known;
  execute(txApp, FORGET_KNOWN, {});
  return 0;
}

type BatchShape = Readonly<Record<stage.ListName, string> & Record<`${stage.ListName}Count`, number>>;

/** The lists of a batch that have items. */
function listsOf(batch: BatchShape): stage.ListName[] {
  return (["sessions", "messages"] as const).filter((list) => {
    if (batch[list] !== "" && batch[list] !== "array") throw badRequest(`${list}: expected a list, got ${batch[list]}`);
    const items = batch[`${list}Count`];
    if (items <= MAX_ITEMS) return items > 0;
    throw tooLarge(`${list}: ${items} items, at most ${MAX_ITEMS} in one request: split the batch.`);
  });
}

/** Marks the staged items that cannot be stored, with the reason. */
function refuseInvalid(txApp: core.App, lists: readonly stage.ListName[], user: string): Staged[] {
  const counted = lists.map((list) => {
    const empty = { snapshots: 0, partials: 0, withoutRole: 0, wrong: 0 };
    const counts = queryOne(txApp, stage.STAGE[list].countStaged, {}, empty) ?? empty;
    if (counts.wrong > 0) execute(txApp, stage.STAGE[list].findProblems, {});
    if (counts.withoutRole > 0) execute(txApp, REFUSE_WITHOUT_ROLE, { user });
    return { list, ...counts };
  });
  execute(txApp, touched.TOUCH_SESSIONS, {});
  execute(txApp, touched.RESOLVE_SESSIONS, { user });
  const hasDeleted = count(txApp, touched.COUNT_DELETED) > 0;
  if (hasDeleted) execute(txApp, touched.REFUSE_DELETED, {});
  return counted.map(({ withoutRole, wrong, ...counts }) => {
    return { ...counts, hasProblems: wrong > 0 || withoutRole > 0 || hasDeleted };
  });
}

/** Stores the valid items: sessions, then messages, then what sessions show of their messages. */
function store(txApp: core.App, staged: readonly Staged[], { userId: user, device }: KeyOwner, known: number): Outcome {
  const position = queryOne(txApp, READ_POSITION, { user }, { sessionRowid: 0, messageRowid: 0, lastStamp: 0 });
  if (!position) throw new Error("the position of new rows could not be read");
  const now = Date.now();
  // Greater than every earlier stamp of this user, so that it marks exactly the rows that this request changes.
  const stamp = Math.max(now, position.lastStamp + 1);
  const sessions = staged.find(({ list }) => list === "sessions");
  const messages = staged.find(({ list }) => list === "messages");
  for (const { list, snapshots } of staged) if (snapshots > 0) priceSnapshots(txApp, list, now);
  const newSession = { user, device, stamp, now, rowid: position.sessionRowid };
  const newMessage = { user, stamp, now, rowid: position.messageRowid };
  let [followed, written] = [0, 0];
  if (sessions?.partials) followed += execute(txApp, UPSERT_PARTIAL_SESSIONS, newSession);
  let replaced = 0;
  if (sessions?.snapshots) replaced += execute(txApp, UPSERT_SNAPSHOT_SESSIONS, newSession);
  if (messages) execute(txApp, touched.CREATE_MISSING_SESSIONS, newSession);
  execute(txApp, touched.RESOLVE_SESSIONS, { user });
  if (messages?.partials) written += execute(txApp, UPSERT_PARTIAL_MESSAGES, newMessage);
  if (messages?.snapshots) written += execute(txApp, UPSERT_SNAPSHOT_MESSAGES, newMessage);
  if (count(txApp, touched.COUNT_GUESSED) > 0) followed += execute(txApp, touched.GUESS_AGAIN, { stamp });
  if (followed > 0) pricePartials(txApp, "sessions");
  if (written > 0 && messages?.partials) pricePartials(txApp, "messages");
  if (followed + replaced + written > 0) execute(txApp, FOLLOW_MESSAGES, { stamp });
  const { valid, ...outcome } = readOutcome(txApp, staged, stamp, written);
  return { ...outcome, valid: { ...valid, messages: valid.messages + known } };
}

function readOutcome(txApp: core.App, staged: readonly Staged[], stamp: number, written: number): Outcome {
  const shape = { sessions: 0, messages: 0, changedSessions: 0, rowId: "" };
  const found = queryOne(txApp, READ_OUTCOME, { stamp }, shape) ?? shape;
  // Each write is of a row of its own, unless the list names a message twice.
  const isDistinct = written < 2 || count(txApp, COUNT_REPEATED) === 0;
  const messages = isDistinct ? written : count(txApp, COUNT_CHANGED_MESSAGES, { stamp });
  return {
    valid: { sessions: found.sessions, messages: found.messages },
    changed: { sessions: found.changedSessions, messages },
    problems: staged.flatMap(({ list, hasProblems }) => (hasProblems ? readProblems(txApp, list) : [])),
    rowId: found.rowId,
  };
}

function readProblems(txApp: core.App, list: stage.ListName): Problem[] {
  const rows = queryAll(txApp, stage.STAGE[list].readProblems, {}, { position: 0, externalId: "", problem: "" });
  return rows.map(({ position, externalId, problem }) => ({ list, position, externalId, text: problem }));
}

/** The number `n` that a query of one row gives. */
function count(txApp: core.App, sql: string, bindings: Bindings = {}): number {
  return queryOne(txApp, sql, bindings, { n: 0 })?.n ?? 0;
}
