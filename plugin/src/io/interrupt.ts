import { CancelledError } from "./cli-errors.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** See `Terminal.untilInterrupted`. */
export async function untilInterrupted<Result>(run: (stop: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const stop = () => {
    release();
    controller.abort(new CancelledError());
  };
  // Without a handler of ours the next signal ends the process at once.
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await run(controller.signal);
  } finally {
    release();
  }
}
