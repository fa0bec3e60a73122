#!/usr/bin/env node
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
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
  if (!hasProxy) return { fetch: (url, init) => globalThis.fetch(url, init), close: async () => undefined };
  const { createUndiciFetch } = await import("@opensync/client/undici");
  return createUndiciFetch(env);
}

/** The oldest Node that has what the program needs, SQLite before all. */
const MIN_NODE_MAJOR = 22;

async function main(): Promise<number> {
  keepHeapSmall();
  const { env } = process;
  const terminal = processTerminal(env);
  if (Number.parseInt(process.versions.node, 10) < MIN_NODE_MAJOR) {
    terminal.complain(`error: opencode-sync needs Node 22.19 or newer, this is ${process.versions.node}`);
    terminal.complain(
      "hint:  Install a current Node from https://nodejs.org, then install opencode-sync with it again.",
    );
    return 1;
  }
  const { fetch, close } = await chooseFetch(env);
  const context: Context = {
    terminal,
    env,
    now: Date.now,
    device: hostname(),
    fetch: logRequests(fetch, terminal),
    folder: process.cwd(),
    packageFolder: fileURLToPath(new URL(".", import.meta.url)),
  };
  try {
    return await runProgram(process.argv.slice(2), COMMANDS, context);
  } finally {
    await close();
  }
}

const version = process.env[INSTALL_MARK];
if (version === undefined) process.exitCode = await main();
else {
  const { installInBackground } = await import("./commands/prepare-opencode.ts");
  await installInBackground(version, process.env);
}
