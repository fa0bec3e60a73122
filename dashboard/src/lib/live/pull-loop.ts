/** Timers, replaceable in tests. */
export interface Timers {
  setTimeout(run: () => void, delayMs: number): number;
  clearTimeout(timer: number): void;
}

/**
 * After a signal the server sends no other for up to a second, whatever else changes: what happened in that second is
 * found by looking again after it is over.
 */
export const LOOK_AGAIN_MS = 1_500;

/** Turns signals into pulls. */
export interface PullLoop {
  /** Something changed: pull now, and once more after the server's silence. */
  signal(): void;
  /** Ends the loop; a pull that runs is not interrupted. */
  stop(): void;
}

/**
 * Runs `pull` at every signal and again `LOOK_AGAIN_MS` after the last one, never two at a time: a signal during a pull
 * makes one more follow it, since that pull may have read before the change.
 * @param pull must not reject: it reports its own failures
 */
export function createPullLoop(pull: () => Promise<void>, timers: Timers): PullLoop {
  let isPulling = false;
  let isWanted = false;
  let isStopped = false;
  let timer: number | undefined;

  const run = async () => {
    isWanted = true;
    if (isPulling) return;
    isPulling = true;
    while (isWanted && !isStopped) {
      isWanted = false;
      await pull();
    }
    isPulling = false;
  };

  return {
    signal() {
      if (isStopped) return;
      void run();
      if (timer !== undefined) timers.clearTimeout(timer);
      timer = timers.setTimeout(() => void run(), LOOK_AGAIN_MS);
    },
    stop() {
      isStopped = true;
      if (timer !== undefined) timers.clearTimeout(timer);
    },
  };
}
