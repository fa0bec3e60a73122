import type { SyncResult } from "./sync-session.ts";
import { countRejected, noteRejected, readState, type SyncState, saveState } from "./sync-state.ts";

/** The file is written at most this often; a process that is killed before costs one comparison a session. */
const SAVE_PAUSE_MS = 5_000;

/**
 * The state as a live sync keeps it: read once, written now and then. It only saves comparisons, so a folder that
 * cannot be read or written, or a full disk, stops nothing; `doctor` names it.
 */
export class LiveState {
  readonly #file: string;
  readonly #now: () => number;
  #state: SyncState | undefined;
  #saveNotBeforeMs = 0;
  #reported: SyncState["lastError"];

  /** @param file absolute path; need not exist */
  constructor(file: string, now: () => number) {
    this.#file = file;
    this.#now = now;
  }

  /**
   * Reads the file, the first time.
   * @param sinceMs where to begin when there is none, epoch ms
   */
  async load(sinceMs: number): Promise<SyncState> {
    if (this.#state === undefined) {
      const saved = await readState(this.#file, sinceMs).catch(() => ({ sinceMs, sessions: {} }));
      // What others had refused is theirs to correct: only what this process finds out is written.
      this.#state = { ...saved, rejected: {} };
    }
    return this.#state;
  }

  /** Something failed in the agent's hooks: `status` tells it, since there is nowhere to show it in the agent. */
  report(message: string): void {
    this.#reported = { atMs: this.#now(), message };
  }

  /**
   * Notes what became of a session.
   * @param changedAtMs its last change before it was read, epoch ms; 0: not known
   */
  note(sessionId: string, result: SyncResult, changedAtMs: number): void {
    const state = this.#state;
    if (state === undefined) return;
    state.sessions[sessionId] = Math.max(state.sessions[sessionId] ?? 0, changedAtMs, result.changedAtMs);
    noteRejected(state, sessionId, result);
    const [first] = result.rejected;
    if (first !== undefined) this.#noteError(`not stored by the server: ${first.reason}`);
  }

  async succeeded(): Promise<void> {
    if (this.#state === undefined) return;
    this.#state.lastSuccessAtMs = this.#now();
    // Something that the server refused stays visible after the next success.
    if (countRejected(this.#state) === 0) this.#state.lastError = undefined;
    if (this.#now() >= this.#saveNotBeforeMs) await this.save();
  }

  async failed(message: string): Promise<void> {
    this.#noteError(message);
    await this.save();
  }

  async save(): Promise<void> {
    if (this.#state === undefined) return;
    this.#saveNotBeforeMs = this.#now() + SAVE_PAUSE_MS;
    this.#state.lastError = this.#reported ?? this.#state.lastError;
    await saveState(this.#file, this.#state).catch(() => undefined);
  }

  #noteError(message: string): void {
    if (this.#state !== undefined) this.#state.lastError = { atMs: this.#now(), message };
  }
}
