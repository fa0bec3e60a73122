import { hostname } from "node:os";
import type { FetchLike } from "@opensync/client";
import type { Context } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { runProgram } from "./commands/run.ts";
import { type Environment, INSTALL_MARK } from "./environment.ts";
import { logRequests } from "./io/log-requests.ts";
import { processTerminal } from "./io/process-terminal.ts";
import { keepHeapSmall } from "./io/small-heap.ts";

/** Only a proxy needs more than the runtime's own fetch; the library for it is ten times the size of this program. */
async function chooseFetch(env: Environment): Promise<{ fetch: FetchLike; close: () => Promise<void> }> {
  const hasProxy = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].some((name) => env[name]);
  // Bun's fetch reads these variables itself.
  if (!hasProxy || "Bun" in globalThis)
    return { fetch: (url, init) => globalThis.fetch(url, init), close: async () => undefined };
  const { createUndiciFetch } = await import("@opensync/client/undici");
  return createUndiciFetch(env);
}

/**
 * Runs the program.
 * @param packageFolder the folder of the built files
 * @returns its exit code
 */
export async function main(packageFolder: string): Promise<number> {
  // Where OpenCode's runtime runs this, the OpenCode that we start is to be itself again.
  delete process.env["BUN_BE_BUN"];
  const version = process.env[INSTALL_MARK];
  if (version !== undefined) return install(version);
  keepHeapSmall();
  const { env } = process;
  const terminal = processTerminal(env);
  const { fetch, close } = await chooseFetch(env);
  const context: Context = {
    terminal,
    env,
    now: Date.now,
    device: hostname(),
    fetch: logRequests(fetch, terminal),
    folder: process.cwd(),
    packageFolder,
  };
  try {
    return await runProgram(process.argv.slice(2), COMMANDS, context);
  } finally {
    await close();
  }
}

async function install(version: string): Promise<number> {
  const { installInBackground } = await import("./commands/prepare-opencode.ts");
  await installInBackground(version, process.env);
  return 0;
}
