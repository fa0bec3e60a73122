import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** How often files are looked at where the system does not tell of changes, as on network drives. */
const POLL_MS = 5_000;

/** Tells when the files of a store change. A reader's own traces (`-shm`) do not count. */
export class StoreChanges {
  readonly #locate: () => readonly string[];
  readonly #watchers = new Map<string, FSWatcher>();
  #seen = "";
  #wake: (() => void) | undefined;
  /** The system told of a change since the files were looked at: it may do so while they are. */
  #isTold = false;

  /** @param locate absolute paths of the store's files, asked again each time: an agent may make new ones */
  constructor(locate: () => readonly string[]) {
    this.#locate = locate;
  }

  /** Takes the state of now as seen. */
  async settle(): Promise<void> {
    this.#watchFolders();
    this.#seen = await this.#signature();
  }

  /**
   * Waits for a change since the last time that this or `settle` returned.
   * @returns whether there is one; false after the time, or when `stop` fires
   */
  async next(timeoutMs: number, stop: AbortSignal): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const signature = await this.#signature();
      if (signature !== this.#seen) {
        this.#seen = signature;
        return true;
      }
      const leftMs = deadlineMs - performance.now();
      if (stop.aborted || leftMs <= 0) return false;
      await this.#sleep(Math.min(POLL_MS, leftMs), stop);
      this.#watchFolders();
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #sleep(ms: number, stop: AbortSignal): Promise<void> {
    if (this.#isTold) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        stop.removeEventListener("abort", wake);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      stop.addEventListener("abort", wake, { once: true });
      this.#wake = wake;
    });
  }

  /** The folder, not the file: a database that is replaced would not be seen any more. */
  #watchFolders(): void {
    for (const folder of new Set(this.#locate().map(dirname))) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, (_event, name) => this.#noticed(name));
        watcher.on("error", () => watcher.close());
        this.#watchers.set(folder, watcher);
      } catch {
        // The system has no watches left, or none for this drive: the files are looked at every few seconds.
      }
    }
  }

  #noticed(name: string | null): void {
    if (name?.endsWith("-shm")) return;
    const isOurs = name === null || this.#locate().some((file) => name.startsWith(basename(file)));
    if (!isOurs) return;
    this.#isTold = true;
    this.#wake?.();
  }

  async #signature(): Promise<string> {
    this.#isTold = false;
    const files = this.#locate().flatMap((file) => [file, `${file}-wal`]);
    const states = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
    return states.map((state) => (state === undefined ? "-" : `${state.mtimeMs}:${state.size}:${state.ino}`)).join("|");
  }
}
