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
      report(messageOf(name, error));
      return undefined;
    }
  };
}

const DONE = Promise.resolve();

/**
 * As `guard`, for a hook that is called a thousand times in a turn and waits for nothing: a call leaves no garbage in
 * the agent's memory.
 */
export function guardAtOnce<Input>(
  name: string,
  report: (message: string) => void,
  hook: (input: Input) => void,
): (input: Input) => Promise<void> {
  return (input) => {
    try {
      hook(input);
    } catch (error) {
      report(messageOf(name, error));
    }
    return DONE;
  };
}

function messageOf(name: string, error: unknown): string {
  return `${name}: ${error instanceof Error ? error.message : String(error)}`;
}
