import type PocketBase from "pocketbase";
import { type LiveEvent, type LiveState, nextLiveState } from "./live-state.ts";

/** Longer than a restart of the server takes, so that an update shows as "reconnecting" only. */
const GIVE_UP_AFTER_MS = 10_000;
const RETRY_MS = 2_000;

/**
 * Listens to the user's `activity` record, which the server saves whenever it stored something for that user, and tells
 * its listeners that something changed. It carries no data: listeners pull what is newer than what they have.
 */
export class LiveConnection {
  readonly #server: PocketBase;
  readonly #changeListeners = new Set<() => void>();
  readonly #stateListeners = new Set<() => void>();
  #state: LiveState = { status: "connecting", sinceMs: Date.now(), lastGoodMs: null };
  #giveUpTimer: number | undefined;

  constructor(server: PocketBase) {
    this.#server = server;
  }

  readonly getState = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };

  /** Calls `listener` whenever something may have changed: a signal, a new connection, a tab that comes to the front. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** For a page that has changed something itself: the server's own signal may come a second later. */
  readonly lookNow = (): void => this.#announce();

  /** Told by listeners whose pull worked: what they show is up to date. */
  readonly notePulled = (): void => this.#apply("pulled");

  /** Listens for one user until the returned function is called. */
  start(userId: string): () => void {
    const stopping = new AbortController();
    const { signal } = stopping;
    this.#apply("started");
    this.#server.realtime.onDisconnect = (topics) => {
      if (topics.length > 0 && !signal.aborted) this.#lose();
    };
    window.addEventListener("offline", () => this.#apply("network-gone"), { signal });
    window.addEventListener("online", () => this.#announce(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#announce(), {
      signal,
    });
    void this.#listen(userId, signal);
    return () => {
      stopping.abort();
      clearTimeout(this.#giveUpTimer);
      void this.#server.realtime.unsubscribe();
    };
  }

  /** The SDK reconnects by itself, but not when its very first attempt fails. */
  async #listen(userId: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#server.realtime.subscribe("PB_CONNECT", () => this.#connect());
        if (signal.aborted) return;
        await this.#server.realtime.subscribe(`activity/${userId}`, () => this.#announce());
        if (!signal.aborted) this.#connect();
        return;
      } catch {
        if (signal.aborted) return;
        this.#lose();
        await this.#server.realtime.unsubscribe();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Whatever happened while nobody listened has sent its signal to nobody, so a new connection is a signal itself. */
  #connect(): void {
    clearTimeout(this.#giveUpTimer);
    this.#apply("connected");
    this.#announce();
  }

  #lose(): void {
    this.#apply("lost");
    clearTimeout(this.#giveUpTimer);
    this.#giveUpTimer = window.setTimeout(() => this.#apply("given-up"), GIVE_UP_AFTER_MS);
  }

  #announce(): void {
    for (const listener of this.#changeListeners) listener();
  }

  #apply(event: LiveEvent): void {
    this.#state = nextLiveState(this.#state, event, Date.now());
    for (const listener of this.#stateListeners) listener();
  }
}
