import { lockFile, sentFolder, stateFile } from "../config/paths.ts";
import { readTracked, writeTracked } from "../config/tracked-sessions.ts";
import { CancelledError, NotFinishedError } from "../io/cli-errors.ts";
import { counted } from "../io/counted.ts";
import { type Progress, startProgress } from "../io/progress.ts";
import { openCode } from "../sources/opencode/index.ts";
import type { SessionEntry, StoreReader } from "../sources/source.ts";
import { type BackfillMode, backfill, type SessionOutcome } from "../sync/backfill.ts";
import { combinePushes } from "../sync/combine-pushes.ts";
import { openStore } from "../sync/open-store.ts";
import { HeldContent } from "../sync/outbox.ts";
import { pretendPush, push } from "../sync/push.ts";
import { sentItemsIn } from "../sync/sent-items.ts";
import type { SyncTools } from "../sync/sync-session.ts";
import { countRejected, noteRejected, readState, type SyncState, saveState } from "../sync/sync-state.ts";
import type { Context, Data } from "./command.ts";
import { connectSaved, PATIENT, type Saved } from "./connect-to-server.ts";
import { type Selection, selectSessions } from "./select-sessions.ts";
import { withLock } from "./with-lock.ts";

/** What is wanted of `sync`. */
export type SyncOrder = {
  readonly mode: BackfillMode;
  readonly selection: Selection;
  /** Only say what would be sent. */
  readonly isDryRun: boolean;
};

/** What was done, and is noted on disk from time to time: a process that is killed then goes on almost where it was. */
type Notes = { readonly tracked: Set<string>; readonly state: SyncState; savedMs: number };

const SAVE_PAUSE_MS = 2_000;

/** While the server works on one request another is on its way. It writes one after the other anyway. */
const PARALLEL_REQUESTS = 2;

/** Sessions that a dry run names. */
const MAX_NAMED = 10_000;

/**
 * Sends the sessions of this machine.
 * @throws NotFinishedError while paused, while another one is at it, or when the server fails; CancelledError
 */
export async function syncSessions(order: SyncOrder, context: Context): Promise<Data> {
  const saved = await connectSaved(context, PATIENT);
  refuseWhilePaused(saved.settings.pausedUntilMs, context.now());
  const { env, terminal } = context;
  const reader = await openStore(openCode, env, saved.settings);
  try {
    return await terminal.untilInterrupted((stop) => {
      const send = async () =>
        sendAll(order, await selectSessions(reader, order.selection), reader, saved, stop, context);
      return order.isDryRun ? send() : withLock(lockFile(env, "sync"), stop, context, send);
    });
  } finally {
    reader.close();
  }
}

async function sendAll(
  order: SyncOrder,
  entries: readonly SessionEntry[],
  reader: StoreReader,
  saved: Saved,
  stop: AbortSignal,
  context: Context,
): Promise<Data> {
  const { terminal, now } = context;
  const { mode, isDryRun } = order;
  const notes = await readNotes(order, entries, saved, context);
  const totals = new Totals(isDryRun);
  const progress = startProgress(terminal, "sessions", entries.length, now);
  const world = { reader, client: saved.client, source: openCode.id, tools: toolsFor(order, saved, stop, context) };
  try {
    for await (const outcome of backfill(entries, mode, notes.tracked, world)) {
      totals.add(outcome);
      for (const { reason } of outcome.rejected) terminal.complain(`not stored: ${reason}`);
      terminal.detail(`${outcome.kind} ${outcome.externalId} (${counted(outcome.messages, "message")})`);
      note(notes, outcome);
      if (!isDryRun && now() - notes.savedMs >= SAVE_PAUSE_MS) await save(notes, context);
      showProgress(progress, totals);
    }
    for (const { message, hint } of reader.unreadable) terminal.complain(`not sent: ${message}. ${hint}`);
  } catch (error) {
    throw unfinished(error, mode, totals, entries.length);
  } finally {
    progress.end();
    if (!isDryRun) await save(notes, context);
  }
  if (stop.aborted) throw cancelled(mode, totals, entries.length);
  return totals.data();
}

function showProgress(progress: Progress, totals: Totals): void {
  progress.update(totals.done, `${totals.sent} sent, ${counted(totals.messages, "message")}`);
}

function toolsFor({ isDryRun }: SyncOrder, saved: Saved, stop: AbortSignal, context: Context): SyncTools {
  const { env, device, now } = context;
  const sent = sentItemsIn(sentFolder(env, openCode.id), "at-once");
  const observePast = openCode.pastObserver();
  return {
    push: isDryRun ? pretendPush : combinePushes((...items) => push(saved.client, ...items), PARALLEL_REQUESTS),
    redaction: saved.redaction,
    observe: async (session) => ({ device, ...(await observePast(session)) }),
    sent: isDryRun ? { ...sent, append: async () => undefined } : sent,
    held: new HeldContent(),
    now,
    stop,
  };
}

/** `--force` forgets what was sent, of the sessions that it sends anew. */
async function readNotes(
  { mode, isDryRun }: SyncOrder,
  entries: readonly SessionEntry[],
  { credentials }: Saved,
  context: Context,
): Promise<Notes> {
  const { env, now } = context;
  const tracked = await readTracked(env);
  const state = await readState(stateFile(env, openCode.id), credentials.sinceMs || now());
  if (mode === "force") for (const { externalId } of entries) tracked.delete(externalId);
  const notes = { tracked, state, savedMs: now() };
  if (mode === "force" && !isDryRun) await save(notes, context);
  return notes;
}

function note({ tracked, state }: Notes, { externalId, kind, changedAtMs, rejected, stored }: SessionOutcome): void {
  if (kind === "kept" || kind === "partly") return;
  if (kind === "sent") noteRejected(state, externalId, { messages: stored, rejected });
  if (rejected.length > 0) return;
  tracked.add(externalId);
  // The plugin need not compare these again, and `status` does not count them as waiting.
  state.sessions[externalId] = Math.max(state.sessions[externalId] ?? 0, changedAtMs);
}

async function save(notes: Notes, { env, now }: Context): Promise<void> {
  notes.savedMs = now();
  await writeTracked(env, notes.tracked, now());
  if (countRejected(notes.state) === 0) notes.state.lastError = undefined;
  await saveState(stateFile(env, openCode.id), notes.state);
}

/** What was done so far. */
class Totals {
  done = 0;
  sent = 0;
  messages = 0;
  #skipped = 0;
  #removed = 0;
  #rejected = 0;
  #kept = 0;
  readonly #named: { externalId: string; messages: number }[] = [];
  readonly #isDryRun: boolean;

  constructor(isDryRun: boolean) {
    this.#isDryRun = isDryRun;
  }

  add({ externalId, kind, messages, removed, rejected }: SessionOutcome): void {
    if (kind === "kept") this.#kept++;
    else this.done++;
    if (kind === "sent") this.sent++;
    if (kind === "skipped") this.#skipped++;
    this.messages += messages;
    this.#removed += removed;
    this.#rejected += rejected.length;
    if (this.#isDryRun && kind === "sent" && this.#named.length < MAX_NAMED) this.#named.push({ externalId, messages });
  }

  data(): Data {
    const data = {
      sent: this.sent,
      skipped: this.#skipped,
      messages: this.messages,
      removed: this.#removed,
      rejected: this.#rejected,
      kept: this.#kept,
    };
    return this.#isDryRun ? { ...data, wouldSend: this.#named } : data;
  }
}

/** A pause holds for every way out; what it keeps back is still in the store. */
function refuseWhilePaused(pausedUntilMs: number, nowMs: number): void {
  if (nowMs >= pausedUntilMs) return;
  throw new NotFinishedError({
    message: `nothing is sent before ${new Date(pausedUntilMs).toISOString()}: sync is paused on this machine`,
    hint: "To go on now: opencode-sync config --resume",
  });
}

/** `--force` would begin anew: what it has sent is tracked, so that `--new` goes on from there. */
function howToGoOn(mode: BackfillMode): string {
  if (mode === "force") return "To go on where it stopped: opencode-sync sync --new";
  return "Run the same command again: it goes on where it stopped.";
}

function cancelled(mode: BackfillMode, { done, sent, messages }: Totals, total: number): CancelledError {
  const message = `stopped after ${done} of ${counted(total, "session")}: ${sent} sent, ${counted(messages, "message")}`;
  return new CancelledError({ message, hint: howToGoOn(mode) });
}

/** What failed for a while only is not lost: the same command goes on where it stopped. */
function unfinished(error: unknown, mode: BackfillMode, { done }: Totals, total: number): unknown {
  if (!(error instanceof Error) || !("retryable" in error) || error.retryable !== true) return error;
  return new NotFinishedError({
    message: `stopped after ${done} of ${counted(total, "session")}: ${error.message}`,
    hint: howToGoOn(mode),
    cause: error,
  });
}
