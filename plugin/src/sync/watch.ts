import { setTimeout as pause } from "node:timers/promises";
import { sessionHash } from "@opensync/client/digest";
import type { Settings } from "../config/settings.ts";
import type { Environment } from "../environment.ts";
import { type Source, StoreError, type StoreReader } from "../sources/source.ts";
import { backoffMs } from "./backoff.ts";
import type { LiveSync } from "./live-sync.ts";
import { openStore } from "./open-store.ts";
import { StoreChanges } from "./store-changes.ts";
import type { SyncState } from "./sync-state.ts";
import { waitingSessions } from "./waiting-sessions.ts";

/** What a watch needs. */
export type WatchOptions = {
  readonly source: Source;
  readonly env: Environment;
  readonly live: Pick<LiveSync, "touch" | "revisit" | "finish">;
  /** Read before each look, since a person may change them meanwhile. */
  readonly settings: () => Promise<Settings>;
  /** What is known to be on the server. */
  readonly state: () => Promise<SyncState>;
  /** Told after each round. */
  readonly onRound: (isDone: boolean) => Promise<void>;
  /** Current time, epoch ms. */
  readonly now: () => number;
};

/** A session changes for as long as somebody works on it; how long ago it says so is no more than a long tool call. */
const RECENT_MS = 60 * 60_000;

/** Sessions handed over at once; more than a live sync remembers would be found again only later. */
const MAX_AT_ONCE = 200;

/** One attempt to send everything. */
const ROUND_MS = 60_000;

/** Everything is looked at this often, for what says nothing of its changes. */
const FULL_LOOK_MS = 10 * 60_000;

/** After a round the next one waits this much longer than it took, so that a large session costs a part of one core. */
const REST_RATIO = 4;
const MIN_REST_MS = 300;

/** A wait is never longer: a person may change the settings meanwhile. */
const MAX_WAIT_MS = 60_000;

/** What is being sent when the process has to end gets so long. */
const LAST_ROUND_MS = 10_000;

/** Keeps the server up to date with a store until `stop` fires. One session is in memory at a time. */
export async function watchStore(options: WatchOptions, stop: AbortSignal): Promise<void> {
  const { source, env, live } = options;
  const changes = new StoreChanges(() => source.locate(env));
  const looks = new Looks();
  let failures = 0;
  let fullLookMs = Number.NEGATIVE_INFINITY;
  let isFirst = true;
  try {
    while (!stop.aborted) {
      const startedMs = performance.now();
      const pausedForMs = (await options.settings()).pausedUntilMs - options.now();
      if (pausedForMs > 0) {
        await rest(Math.min(pausedForMs, MAX_WAIT_MS), stop);
        continue;
      }
      await changes.settle();
      const isFull = startedMs - fullLookMs >= FULL_LOOK_MS;
      // What changed before is no work of now: its checkout may be on another branch.
      const others = await markChanged(options, looks, isFirst ? "before" : "now");
      isFirst = false;
      const waiting = isFull ? await findWaiting(options) : [];
      for (const sessionId of waiting) live.revisit(sessionId);
      const isDone = await finish(options, ROUND_MS);
      const isAll = waiting.length < MAX_AT_ONCE && others < MAX_AT_ONCE;
      if (isFull && isDone && isAll) fullLookMs = startedMs;
      failures = isDone ? 0 : failures + 1;
      await options.onRound(isDone);
      const waitMs = isDone ? Math.max(MIN_REST_MS, (performance.now() - startedMs) * REST_RATIO) : backoffMs(failures);
      await rest(Math.min(waitMs, MAX_WAIT_MS), stop);
      if (isDone && isAll) await changes.next(FULL_LOOK_MS, stop);
    }
    await markChanged(options, looks, isFirst ? "before" : "now");
    await finish(options, LAST_ROUND_MS);
  } finally {
    changes.close();
  }
}

/** Where the agent has not been started yet, nothing is to be sent: a store that comes is a change. */
async function finish({ source, env, live }: WatchOptions, budgetMs: number): Promise<boolean> {
  return source.locate(env).length === 0 || live.finish(budgetMs);
}

/**
 * Hands over what changed since the last look.
 * @param changed when it did: work of now is observed too
 * @returns how many sessions that nobody works on
 */
async function markChanged(options: WatchOptions, looks: Looks, changed: "before" | "now"): Promise<number> {
  const { live } = options;
  const { atWork, others } = await findChanged(options, looks);
  if (changed === "now") for (const sessionId of atWork) live.touch(sessionId);
  for (const sessionId of [...atWork, ...others]) live.revisit(sessionId);
  return others.length;
}

async function rest(ms: number, stop: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal: stop }).catch(() => undefined);
}

/** Sessions that changed since the last look: those that somebody works on, and those that somebody tidied up. */
type Changed = { readonly atWork: string[]; readonly others: string[] };

function findChanged(options: WatchOptions, looks: Looks): Promise<Changed> {
  return withStore(options, { atWork: [], others: [] }, async (reader) => {
    const nowMs = options.now();
    const changed: Changed = { atWork: [], others: [] };
    const recent = (await reader.listSessions(nowMs - RECENT_MS)).slice(0, MAX_AT_ONCE);
    for (const { externalId } of recent) {
      if (await looks.isAtWork(externalId, reader, nowMs)) changed.atWork.push(externalId);
    }
    looks.forgetBefore(nowMs - RECENT_MS);
    const isRecent = new Set(recent.map(({ externalId }) => externalId));
    for (const sessionId of looks.newlyMarked(await reader.changeMarks(), MAX_AT_ONCE)) {
      if (!isRecent.has(sessionId)) changed.others.push(sessionId);
    }
    return changed;
  });
}

/** Sessions that are not known to be on the server, of all times since sign-in. */
function findWaiting(options: WatchOptions): Promise<string[]> {
  return withStore(options, [], async (reader) => {
    const waiting = await waitingSessions(reader, await options.state());
    return waiting.slice(0, MAX_AT_ONCE).map(({ externalId }) => externalId);
  });
}

/** A store that cannot be read now, or is not there yet, is looked at again at its next change. */
async function withStore<Result>(
  { source, env, settings }: WatchOptions,
  nothing: Result,
  find: (reader: StoreReader) => Promise<Result>,
): Promise<Result> {
  let reader: StoreReader | undefined;
  try {
    reader = await openStore(source, env, await settings());
    return await find(reader);
  } catch (error) {
    if (error instanceof StoreError) return nothing;
    throw error;
  } finally {
    reader?.close();
  }
}

/** What sessions were like when they were looked at last. */
class Looks {
  readonly #atWork = new Map<string, { readonly state: string; readonly lookedAtMs: number }>();
  #marks: Map<string, string> | undefined;

  /** Whether a session is another one than at the last time, or looked at for the first time. */
  async isAtWork(sessionId: string, reader: StoreReader, nowMs: number): Promise<boolean> {
    const session = await reader.readSession(sessionId);
    const changedAtMs = await reader.lastChangeMs(sessionId);
    const state = `${changedAtMs} ${session === undefined ? "" : sessionHash(session)}`;
    const before = this.#atWork.get(sessionId);
    this.#atWork.set(sessionId, { state, lookedAtMs: nowMs });
    return before?.state !== state;
  }

  forgetBefore(timeMs: number): void {
    for (const [id, { lookedAtMs }] of this.#atWork) if (lookedAtMs < timeMs) this.#atWork.delete(id);
  }

  /**
   * Sessions whose mark is another one than at the last time; none at the first time.
   * @param limit names no more; the others are still new at the next time
   */
  newlyMarked(marks: ReadonlyMap<string, string>, limit: number): string[] {
    if (this.#marks === undefined) {
      this.#marks = new Map(marks);
      return [];
    }
    const changed: string[] = [];
    for (const [id, mark] of marks) {
      if (this.#marks.get(id) === mark) continue;
      if (changed.length === limit) break;
      this.#marks.set(id, mark);
      changed.push(id);
    }
    return changed;
  }
}
