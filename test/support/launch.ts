import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { commonArguments, serveArguments } from "../../scripts/serve-arguments.mjs";
import { pocketbasePath, superuser } from "./pocketbase.ts";
import { until } from "./until.ts";

/** A running PocketBase process with our hooks. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to its first answer. */
  readonly startedInMs: number;
  /** All that the server has printed so far. */
  output(): string;
  /** Sends the signal and waits for the end of the process. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface LaunchOptions {
  dataDir: string;
  /** Environment beside PATH and HOME. */
  env?: Record<string, string>;
  /** The port to listen on; without it, a free one. */
  port?: number;
  /** Arguments of `serve` beside the usual ones, which they override. */
  args?: readonly string[];
}

/** Makes an empty folder into a migrated database with the tests' superuser and no users. */
export function createDatabase(dataDir: string): void {
  const pocketbase = (...command: string[]) =>
    execFileSync(pocketbasePath(), [...command, ...commonArguments(dataDir)], { stdio: "pipe" });
  pocketbase("migrate", "up");
  pocketbase("superuser", "upsert", superuser.email, superuser.password);
}

/** Starts a server and waits until it answers; throws with the server's own output when it ends instead. */
export async function launchServer({ dataDir, env, port, args = [] }: LaunchOptions): Promise<ServerProcess> {
  const address = `127.0.0.1:${port ?? (await freePort())}`;
  const url = `http://${address}`;
  const startedAt = performance.now();
  const child = spawn(pocketbasePath(), [...serveArguments({ http: address, data: dataDir }), ...args], {
    env: { PATH: process.env["PATH"], HOME: dataDir, OPENSYNC_URL: url, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const answers = () =>
    fetch(`${url}/api/health`)
      .then((answer) => answer.ok)
      .catch(() => false);
  await until("the server answers", () => {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}:\n${output}`);
    return answers();
  });
  const startedInMs = performance.now() - startedAt;
  return { url, pid: child.pid ?? 0, startedInMs, output: () => output, end: (signal) => end(child, signal) };
}

/** A port that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}
