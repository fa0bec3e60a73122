import { execFile } from "node:child_process";
import type { Environment } from "../environment.ts";

/** It takes a second to start; on a busy machine many, and one that does not answer is taken for none. */
const TIMEOUT_MS = 60_000;

/**
 * The version of the OpenCode that a shell would start.
 * @returns undefined: there is none, or it does not say
 */
export function openCodeVersion(env: Environment): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { env: { ...env }, timeout: TIMEOUT_MS, shell: process.platform === "win32" };
    execFile("opencode", ["--version"], options, (error, stdout) => {
      const [, version] = /(\d+\.\d+\.\d+[\w.+-]*)/.exec(stdout) ?? [];
      resolve(error === null ? version : undefined);
    });
  });
}
