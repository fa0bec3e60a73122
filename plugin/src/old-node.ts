import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

// Loaded by whatever Node there is, version 18 or older too: nothing here may import what an old one lacks.

/** The oldest Node that has what the program needs, SQLite before all. */
const MIN_NODE = { major: 22, minor: 19 };

/** A runtime answers in a tenth of this; a program that is something else may never end by itself. */
const ASK_TIMEOUT_MS = 5_000;

/** Options of OpenCode's runtime: neither settings nor code of the folder in which the program happens to be started. */
export const NOTHING_OF_THE_FOLDER = ["--env-file=/dev/null", "--config=/dev/null"];

type Variables = Readonly<Record<string, string | undefined>>;

/** Whether the program runs on this runtime: a Node that is new enough, or a Bun. */
export function canRun({ node, bun }: Readonly<Record<string, string | undefined>>): boolean {
  const [major = 0, minor = 0] = (node ?? "").split(".").map(Number);
  return bun !== undefined || major > MIN_NODE.major || (major === MIN_NODE.major && minor >= MIN_NODE.minor);
}

/**
 * Runs the program on the runtime that every OpenCode contains, so that nobody has to upgrade the Node of a machine.
 * @param program absolute path of the built program
 * @returns its exit code; undefined where there is no OpenCode, or one that cannot do that
 */
export async function runInOpenCode(
  program: string,
  args: readonly string[],
  env: Variables,
): Promise<number | undefined> {
  // Arguments would pass a shell there, which would take some of them apart.
  if (process.platform === "win32") return undefined;
  const runtime = await findRuntime(env);
  if (runtime === undefined) return undefined;
  const child = spawn(runtime, [...NOTHING_OF_THE_FOLDER, program, ...args], {
    stdio: "inherit",
    env: { ...env, BUN_BE_BUN: "1" },
  });
  // Ctrl-C reaches both; who is asked to end by its number passes that on.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** The program behind the `opencode` of this machine: the command may be a script that only starts it. */
async function findRuntime(env: Variables): Promise<string | undefined> {
  for (const name of ["opencode", join(env["HOME"] ?? "", ".opencode/bin/opencode")]) {
    const said = await ask(name, env);
    if (said !== undefined && existsSync(said)) return said;
  }
  return undefined;
}

function ask(name: string, env: Variables): Promise<string | undefined> {
  const args = [...NOTHING_OF_THE_FOLDER, "-e", "if (process.versions.bun) console.log('bun:' + process.execPath)"];
  return new Promise((resolve) => {
    const options = { env: { ...env, BUN_BE_BUN: "1" }, timeout: ASK_TIMEOUT_MS };
    const child = execFile(name, args, options, (_error, stdout) => resolve(/^bun:(.+)$/m.exec(stdout)?.[1]));
    child.stdin?.end();
  });
}

/** What a person is told where neither is there. */
export function explainOldNode(version: string): string {
  return (
    `error: opencode-sync needs Node ${MIN_NODE.major}.${MIN_NODE.minor} or newer, this is ${version}\n` +
    "hint:  Install OpenCode, whose own runtime will do, or a current Node from https://nodejs.org, and run it again.\n"
  );
}
