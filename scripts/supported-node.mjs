import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname } from "node:path";
import { ensureNode } from "./get-node.mjs";
import { explainSetupErrors } from "./setup-error.mjs";

const GUARD = "OPENSYNC_RUNS_ON";

/** @type {NodeJS.Signals[]} */
const forwarded = ["SIGHUP", "SIGINT", "SIGTERM"];

/**
 * Makes sure that the calling script runs on a Node.js the tools support: returns at once where it does, else runs the
 * same script again on the project's own Node.js and ends this process with that one's exit code.
 */
export async function onSupportedNode() {
  explainSetupErrors();
  const node = await ensureNode();
  // First in PATH, so that every `#!/usr/bin/env node` below (vitest, tsc, npm) runs on this one too.
  process.env["PATH"] = dirname(node) + delimiter + (process.env["PATH"] ?? "");
  if (node === process.execPath || process.env[GUARD] === node) return;
  process.env[GUARD] = node;
  process.exit(await run(node, process.argv.slice(1)));
}

/**
 * Runs a program in the foreground and forwards signals to it: with spawnSync a signal would end this process and leave
 * the program behind.
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; 128 + n after a signal, as a shell says it
 */
export function run(program, args, options = {}) {
  const child = spawn(program, args, { stdio: "inherit", ...options });
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => void child.kill(signal);
  for (const signal of forwarded) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const name of forwarded) process.off(name, forward);
      resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
    });
  });
}

/**
 * Runs npm with the Node.js of this process; `npm` from PATH where npm did not start us.
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export function npm(args, options) {
  const script = process.env["npm_execpath"];
  if (script) return run(process.execPath, [script, ...args], options);
  return run(process.platform === "win32" ? "npm.cmd" : "npm", args, {
    shell: process.platform === "win32",
    ...options,
  });
}
