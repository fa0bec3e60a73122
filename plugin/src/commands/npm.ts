import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import type { Environment } from "../environment.ts";

/** Says nothing, asks nothing, runs no script of a package, and leaves npm's other business for another time. */
const QUIET = [
  ...["--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--no-update-notifier"],
  ...["--loglevel=silent", "--global=false"],
];

/**
 * Runs the machine's npm, with the settings of its user, in silence.
 * @param options.timeoutMs it is killed then
 * @throws Error when there is none, or when it fails
 */
export function npm(
  args: readonly string[],
  env: Environment,
  options: { readonly timeoutMs: number; readonly folder?: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      "npm",
      [...args, ...QUIET],
      {
        ...(options.folder === undefined ? {} : { cwd: options.folder }),
        // Beside this Node there is one more often than not.
        env: { ...env, PATH: [env["PATH"] ?? "", dirname(process.execPath)].join(delimiter) },
        timeout: options.timeoutMs,
        killSignal: "SIGKILL",
        windowsHide: true,
        shell: process.platform === "win32",
      },
      (error) => (error === null ? resolve() : reject(error)),
    );
  });
}
