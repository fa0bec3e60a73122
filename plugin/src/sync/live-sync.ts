import { type FetchLike, OpenSyncError, type Session } from "@opensync/client";
import { sentFolder, stateFile } from "../config/paths.ts";
import type { Environment } from "../environment.ts";
import type { GitState } from "../observe/git.ts";
import type { KnownSecrets } from "../redact/known-secrets.ts";
import { machineSecrets } from "../redact/machine-secrets.ts";
import type { Source, StoreReader } from "../sources/source.ts";
import { Acknowledged } from "./acknowledged.ts";
import { backoffMs } from "./backoff.ts";
import { createBreather } from "./breathe.ts";
import { type Connection, connect } from "./connection.ts";
import { type DirtyMessages, DirtySet } from "./dirty-set.ts";
import { LiveState } from "./live-state.ts";
import { openStore } from "./open-store.ts";
import { HeldContent } from "./outbox.ts";
import { push } from "./push.ts";
import { asFarAsPossible, type SentItems, sentItemsIn } from "./sent-items.ts";
import { knownOnServer, type SyncResult, type SyncTools, syncSession } from "./sync-session.ts";

/** How soon a change is sent: within the usual pause, or at once because something has been completed. */
export type Urgency = "later" | "soon";

/** What a live sync needs from outside. */
export type LiveSyncOptions = {
  readonly source: Source;
  readonly env: Environment;
  /** Name of this machine. */
  readonly device: string;
  /** What a checkout says about itself; asked only for sessions that are being changed by this process. */
  readonly observeGit: (folder: string) => Promise<GitState>;
  readonly now?: () => number;
  /** How requests are made; the runtime's own if absent. */
  readonly fetch?: FetchLike;
};

/** Changes come in bursts: a pause this long puts a burst into one request and is not noticed by a reader. */
const PAUSE_MS = { later: 400, soon: 50 } as const;

/** Between two uploads: something is completed all the time while several agents work at once. */
const REST_MS = 250;

/** A key that was refused is not tried again sooner: only a person can change that. */
const REFUSED_BACKOFF_MS = 300_000;

/** One attempt of a request: the next one comes by itself. */
const RETRY = { attempts: 1, attemptTimeoutMs: 15_000, totalTimeoutMs: 15_000 };

/** How often it is looked whether a pause is over. */
const PAUSED_CHECK_MS = 60_000;

/** Sessions compared with the server in one start, newest first; `sync --all` does the rest. */
const MAX_CATCH_UP = 200;

/** Sessions whose checkout is observed; a process that changes more than these is no person's. */
const MAX_LIVE = 1_000;

/** An agent's last notes about a finished turn arrive up to 50 ms after its end was announced. */
const SETTLE_MS = 150;

/**
 * Keeps the server up to date while an agent runs in this process. `touch` only remembers an id; what changed is read
 * from the store after a pause, so an upload that fails needs no memory: the store still has it. Nothing here throws
 * to the caller, and no timer keeps the process alive.
 */
export class LiveSync {
  readonly #options: LiveSyncOptions;
  readonly #now: () => number;
  readonly #secrets: KnownSecrets;
  readonly #sent: SentItems;
  readonly #dirty = new DirtySet();
  readonly #acknowledged = new Acknowledged();
  readonly #live = new Set<string>();
  readonly #state: LiveState;
  #timer: { readonly id: ReturnType<typeof setTimeout>; readonly dueMs: number; readonly delayMs: number } | undefined;
  #running: Promise<void> | undefined;
  /** Of a clock that nobody sets: one that is put back by an hour must not be an hour without uploads. */
  #notBeforeMs = 0;
  #failures = 0;
  #isCaughtUp = false;
  #isPaused = false;

  constructor(options: LiveSyncOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#secrets = machineSecrets(options.env);
    this.#sent = asFarAsPossible(sentItemsIn(sentFolder(options.env, options.source.id)));
    this.#state = new LiveState(stateFile(options.env, options.source.id), this.#now);
  }

  /** Remembers that a message (or, without id, the session itself) may have changed. Takes microseconds. */
  touch(sessionId: string, messageId?: string, urgency: Urgency = "later"): void {
    if (this.#live.size < MAX_LIVE) this.#live.add(sessionId);
    this.#dirty.add(sessionId, messageId);
    // A timer that was set earlier for as short a pause is due no later: nothing to look at for most of the events.
    const delayMs = PAUSE_MS[urgency];
    if (this.#timer === undefined || this.#timer.delayMs > delayMs) this.#schedule(delayMs);
  }

  /** Marks a session to be compared as a whole at the next `finish` or change. */
  revisit(sessionId: string): void {
    this.#dirty.addAll(sessionId);
  }

  /** Looks, after a delay, for what an earlier process left behind. */
  startCatchUp(delayMs: number): void {
    this.#schedule(delayMs);
  }

  /** Notes for `status` that something failed in the agent's hooks; there is nowhere to show it in the agent. */
  report(message: string): void {
    this.#state.report(message);
  }

  /**
   * Sends what is left, and catches up if that has not been done.
   * @param budgetMs longest time it may take
   * @returns whether the server has everything now
   */
  async finish(budgetMs: number): Promise<boolean> {
    // On a busy machine a pause before it may have taken longer than all of it.
    const leftMs = Math.max(0, budgetMs);
    const signal = AbortSignal.timeout(leftMs);
    await new Promise((resolve) => setTimeout(resolve, Math.min(SETTLE_MS, leftMs)));
    await settled(this.#running, signal);
    this.#notBeforeMs = 0;
    // A pause may be over by now: the first round finds out.
    this.#isPaused = false;
    // The second round is for what changed while the first one ran.
    for (let round = 0; round < 2 && !this.#isDone && !signal.aborted; round++) {
      await settled(this.#run(signal), signal);
      if (this.#failures > 0) break;
    }
    this.#cancelTimer();
    await settled(this.#state.save(), signal);
    return this.#isDone;
  }

  /** During a pause there is nothing to do: what changes is kept in mind, and is in the store. */
  get #isDone(): boolean {
    return this.#isPaused || (this.#dirty.isEmpty && this.#isCaughtUp);
  }

  #schedule(delayMs: number): void {
    const nowMs = performance.now();
    const dueMs = Math.max(nowMs + delayMs, this.#notBeforeMs);
    if (this.#timer !== undefined && this.#timer.dueMs <= dueMs) return;
    this.#cancelTimer();
    const id = setTimeout(() => {
      this.#timer = undefined;
      // It may have been set while an upload was under way, after which there is a rest, or a longer one if it failed.
      if (performance.now() < this.#notBeforeMs) this.#schedule(0);
      else void this.#run();
    }, dueMs - nowMs);
    id.unref();
    this.#timer = { id, dueMs, delayMs };
  }

  #cancelTimer(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer.id);
    this.#timer = undefined;
  }

  /** One pass at a time; what is touched meanwhile gets a pass of its own. */
  #run(signal?: AbortSignal): Promise<void> {
    this.#running ??= this.#pass(signal).finally(() => {
      this.#running = undefined;
      this.#notBeforeMs = Math.max(this.#notBeforeMs, performance.now() + REST_MS);
      if (!this.#isDone && !signal?.aborted) this.#schedule(PAUSE_MS.later);
    });
    return this.#running;
  }

  async #pass(signal: AbortSignal | undefined): Promise<void> {
    const { env, source } = this.#options;
    try {
      const { fetch } = this.#options;
      const connection = await connect(env, this.#secrets, { retry: RETRY, ...(fetch === undefined ? {} : { fetch }) });
      if (connection === undefined) return this.#forgetAll();
      this.#isPaused = this.#now() < connection.settings.pausedUntilMs;
      if (this.#isPaused) return this.#schedule(PAUSED_CHECK_MS);
      await this.#state.load(connection.sinceMs || this.#now());
      const reader = await openStore(source, env, connection.settings);
      try {
        await this.#sendDirty(connection, reader, signal);
        if (!this.#isCaughtUp) await this.#catchUp(connection, reader, signal);
      } finally {
        reader.close();
      }
      this.#failures = 0;
      await this.#state.succeeded();
    } catch (error) {
      await this.#failed(error);
    }
  }

  /** Nobody is signed in on this machine: there is nothing to do, and nothing to remember. */
  #forgetAll(): void {
    this.#dirty.take();
    this.#isCaughtUp = true;
  }

  async #sendDirty(connection: Connection, reader: StoreReader, signal: AbortSignal | undefined): Promise<void> {
    if (this.#dirty.isEmpty) return;
    if (this.#dirty.overflowed) this.#isCaughtUp = false;
    const taken = new Map(this.#dirty.take());
    try {
      for (const [sessionId, messages] of taken) {
        await this.#sendSession(sessionId, messages, connection, reader, signal);
        taken.delete(sessionId);
      }
    } finally {
      this.#dirty.putBack(taken);
    }
  }

  /** The first time in this process a session is compared as a whole: another process may have left something. */
  async #sendSession(
    sessionId: string,
    messages: DirtyMessages,
    connection: Connection,
    reader: StoreReader,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { client, redaction } = connection;
    const tools: SyncTools = {
      push: (sessions, items) => push(client, sessions, items, signal),
      redaction,
      observe: (session) => this.#observe(session),
      sent: this.#sent,
      held: new HeldContent(),
      now: this.#now,
    };
    const seen = messages === "all" ? {} : { seenIds: messages };
    const acknowledged = this.#acknowledged.of(sessionId);
    if (acknowledged === undefined) {
      const changedAtMs = (await reader.lastChangeMs(sessionId)) ?? 0;
      const onServer = await knownOnServer(client, sessionId, signal);
      const result = await syncSession(reader, sessionId, { ...seen, ...onServer }, tools);
      this.#acknowledge(sessionId, result, changedAtMs);
      return;
    }
    const only = messages === "all" ? {} : { messageIds: messages };
    const result = await syncSession(reader, sessionId, { ...seen, ...only, ...acknowledged }, tools);
    this.#acknowledge(sessionId, result, 0);
  }

  /** @param result undefined: the store has no such session any more */
  #acknowledge(sessionId: string, result: SyncResult | undefined, changedAtMs: number): void {
    if (result === undefined) return;
    this.#acknowledged.add(sessionId, result);
    this.#state.note(sessionId, result, changedAtMs);
  }

  /** Sends what changed since sign-in and is not known to be on the server: an earlier process did not get to it. */
  async #catchUp(connection: Connection, reader: StoreReader, signal: AbortSignal | undefined): Promise<void> {
    const state = await this.#state.load(connection.sinceMs || this.#now());
    const entries = await reader.listSessions(state.sinceMs);
    const breathe = createBreather();
    for (const { externalId } of entries.slice(0, MAX_CATCH_UP)) {
      signal?.throwIfAborted();
      await breathe();
      // What is being written now comes before what was left behind.
      await this.#sendDirty(connection, reader, signal);
      const changedAtMs = (await reader.lastChangeMs(externalId)) ?? 0;
      if (changedAtMs <= (state.sessions[externalId] ?? 0)) continue;
      await this.#sendSession(externalId, "all", connection, reader, signal);
    }
    this.#isCaughtUp = true;
  }

  async #observe(session: Session) {
    const { device, observeGit } = this.#options;
    // The checkout of a session that is only caught up may be on another branch by now.
    if (!this.#live.has(session.externalId) || session.projectPath === undefined) return { device };
    return { device, ...(await observeGit(session.projectPath)) };
  }

  /** Waits longer after each failure and notes it for `status`. What was not sent is still marked. */
  async #failed(error: unknown): Promise<void> {
    this.#failures++;
    const isRefused = error instanceof OpenSyncError && !error.retryable && error.kind !== "store";
    this.#notBeforeMs = performance.now() + (isRefused ? REFUSED_BACKOFF_MS : backoffMs(this.#failures));
    const message = error instanceof Error ? error.message : String(error);
    await this.#state.failed(message);
  }
}

/** Waits for work, or until the signal fires; whichever is first. Never throws. */
async function settled(work: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (work === undefined || signal.aborted) return;
  await Promise.race([work, new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }))]).catch(
    () => undefined,
  );
}
