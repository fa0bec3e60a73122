/** What escaped from a hook: counted by name and kept, because there is nowhere in the agent to show it. */
export type Failures = { count: number; last: string | undefined };

/**
 * Wraps a hook of the host so that nothing escapes from it, neither a throw nor a rejection. A failed hook breaks the
 * user's turn or hangs the agent; an upload that did not happen is repaired by the next one.
 * @param name shown with the failure
 * @returns a hook that always resolves, with undefined after a failure
 */
export function guard<Args extends readonly unknown[], Result>(
  name: string,
  failures: Failures,
  hook: (...args: Args) => Result | Promise<Result>,
): (...args: Args) => Promise<Result | undefined> {
  return async (...args) => {
    try {
      return await hook(...args);
    } catch (error) {
      failures.count++;
      failures.last = `${name}: ${error instanceof Error ? error.message : String(error)}`;
      return undefined;
    }
  };
}
