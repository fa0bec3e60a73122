/**
 * Wraps a hook of the host so that nothing escapes from it, neither a throw nor a rejection. A failed hook breaks the
 * user's turn or hangs the agent; an upload that did not happen is repaired by the next one.
 * @param name told with the failure
 * @param report is told what failed; there is nowhere in the agent to show it
 * @returns a hook that always resolves, with undefined after a failure
 */
export function guard<Args extends readonly unknown[], Result>(
  name: string,
  report: (message: string) => void,
  hook: (...args: Args) => Result | Promise<Result>,
): (...args: Args) => Promise<Result | undefined> {
  return async (...args) => {
    try {
      return await hook(...args);
    } catch (error) {
      report(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
}
