/** Longest work without a pause, ms: the agent draws its screen in the same thread. */
const MAX_WORK_MS = 8;

/**
 * Makes a function to call between pieces of work: it lets the rest of the process run once the work has taken more
 * than 8 ms since the last time it did.
 */
export function createBreather(now: () => number = () => performance.now()): () => Promise<void> {
  let workSinceMs = now();
  return async () => {
    if (now() - workSinceMs < MAX_WORK_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    workSinceMs = now();
  };
}
