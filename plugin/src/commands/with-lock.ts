import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { NotFinishedError } from "../io/cli-errors.ts";
import { holderOf, type Lock, tryLock } from "../sync/one-at-a-time.ts";
import type { Context } from "./command.ts";

/** How often a waiting process looks whether it is its turn. */
const POLL_MS = 500;

/**
 * Does something that only one process does at a time. A person's command waits for its turn and says so; a script's
 * ends, since scripts that wait for each other pile up.
 * @param stop ends the waiting
 * @throws NotFinishedError when another process is at it and nobody is there to wait
 */
export async function withLock<Result>(
  file: string,
  stop: AbortSignal,
  { terminal }: Pick<Context, "terminal">,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = (await tryLock(file)) ?? (await waitFor(file, stop, terminal));
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Whether a process has the right of this file now. */
export async function isHeld(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  const lock = await tryLock(file);
  lock?.release();
  return lock === undefined;
}

async function waitFor(file: string, stop: AbortSignal, terminal: Context["terminal"]): Promise<Lock> {
  const holder = await holderOf(file);
  const other = `another opencode-sync${holder === undefined ? "" : ` (process ${holder})`} is at work on this machine`;
  if (!terminal.isTerminal) {
    throw new NotFinishedError({
      message: other,
      hint: "Nothing was sent by this one. Run it again when the other is done.",
    });
  }
  terminal.say(`Waiting: ${other}. Ctrl-C to give up.`);
  for (;;) {
    stop.throwIfAborted();
    await pause(POLL_MS);
    const lock = await tryLock(file);
    if (lock !== undefined) return lock;
  }
}
