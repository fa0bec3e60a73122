import { spawn } from "node:child_process";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { lockFile } from "./config/paths.ts";
import type { Environment } from "./environment.ts";
import type { LiveSync } from "./sync/live-sync.ts";

/** Set for the process that finishes an upload after the agent has gone. */
const MARK = "OPENSYNC_DETACHED";

/** How long that process tries. A server that is away for longer is caught up with at the agent's next start. */
const BUDGET_MS = 20_000;

/** Between two attempts. */
const PAUSE_MS = 2_000;

/** A lock this old was left by a process that was killed. */
const STALE_LOCK_MS = 3 * BUDGET_MS;

/** Whether this process was started to finish an upload. */
export function isDetached(env: Environment): boolean {
  return env[MARK] === "1";
}

/**
 * Starts a process of its own that finishes the upload, and returns at once. The runtime inside the agent's program
 * runs it, so that nothing else need be installed.
 * @param entry absolute path of the file to run, which calls `finishDetached`
 */
export function startDetached(entry: string, env: Environment): void {
  const args = "Bun" in globalThis ? ["run", entry] : [entry];
  const child = spawn(process.execPath, args, {
    // Bun runs what the bunfig.toml of its folder says first: never that of the agent's project.
    cwd: dirname(entry),
    detached: true,
    stdio: "ignore",
    env: { ...env, [MARK]: "1", BUN_BE_BUN: "1", ELECTRON_RUN_AS_NODE: "1" },
  });
  // Without a listener a failed start would be an uncaught error in the agent.
  child.on("error", () => undefined);
  child.unref();
}

/** Tries until the server has everything or the time is up. Only one such process runs on a machine. Never throws. */
export async function finishDetached(live: LiveSync, env: Environment): Promise<void> {
  const lock = lockFile(env, "detached");
  if (!(await acquire(lock))) return;
  const deadlineMs = performance.now() + BUDGET_MS;
  try {
    while (!(await live.finish(deadlineMs - performance.now())) && performance.now() + PAUSE_MS < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } finally {
    await rm(lock, { force: true }).catch(() => undefined);
  }
}

/** @returns whether nobody else is at it; in a folder that cannot be written that is not known, and it is tried */
async function acquire(lock: string): Promise<boolean> {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 }).catch(() => undefined);
  const age = await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > STALE_LOCK_MS) await rm(lock, { force: true }).catch(() => undefined);
  try {
    const handle = await open(lock, "wx", 0o600);
    await handle.close();
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "EEXIST");
  }
}
