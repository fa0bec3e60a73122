import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative, sep } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../../scripts/paths.mjs";
import { freePort } from "../support/launch.ts";
import { pocketbasePath } from "../support/pocketbase.ts";
import { until } from "../support/until.ts";

// The two commands on a copy of the repository in which nothing was ever installed or built, with the machine's own
// Node.js, which may be an old one. PocketBase alone is the one that is there: getting it has tests of its own.

/** What a clone does not have. */
const MADE = new Set([".git", ".cache", "node_modules", "build", "dist", "pb_data", ".env"]);

let folder: string;
let clone: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-clone-"));
  clone = join(folder, "opensync");
  cpSync(root, clone, {
    recursive: true,
    filter: (path) =>
      !relative(root, path)
        .split(sep)
        .some((name) => MADE.has(name)),
  });
});

afterAll(() => {
  for (const { pid, exitCode, signalCode } of running) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Of this process's environment what a person's terminal has, too: nothing of npm, vitest and the project's own Node. */
function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|OPENSYNC_|NODE_ENV|TEST$)/i.test(name));
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((entry) => !entry.startsWith(root));
  const settings = { POCKETBASE_BIN: pocketbasePath(), npm_config_prefer_offline: "true" };
  return { ...Object.fromEntries(own), PATH: path.join(delimiter), ...settings, ...more };
}

/** Runs a program in the clone, in a process group of its own as a terminal does. */
function run(program: string, args: string[], more: Record<string, string> = {}) {
  const child = spawn(program, args, {
    cwd: clone,
    env: environment(more),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, output: () => output };
}

/** Starts the server, and ends it when it says that it is ready: `npm start` and Ctrl-C unless told otherwise. */
async function startAndStop(
  command: readonly [string, ...string[]] = ["npm", "start"],
  stop = (pid: number) => process.kill(-pid, "SIGINT"),
): Promise<{ output: string; readyInMs: number; exitCode: number | null }> {
  const http = `127.0.0.1:${await freePort()}`;
  const startedAt = performance.now();
  const [program, ...args] = command;
  const { child, ended, output } = run(program, args, { OPENSYNC_HTTP: http });
  await until(
    "the server is ready",
    () => {
      if (child.exitCode !== null) throw new Error(`npm start ended with code ${child.exitCode}:\n${output()}`);
      return output().includes(`OpenSync is ready: http://${http}`);
    },
    200_000,
  );
  const readyInMs = performance.now() - startedAt;
  expect((await fetch(`http://${http}/health`)).status).toBe(200);
  stop(child.pid ?? 0);
  const exitCode = await ended;
  await until("the server has ended", () =>
    fetch(`http://${http}/health`).then(
      () => false,
      () => true,
    ),
  );
  return { output: output(), readyInMs, exitCode };
}

test("npm start installs and builds what is missing, serves, and keeps its data in the clone", async () => {
  const { output } = await startAndStop();
  const steps = ["Installing packages", "Building hooks", "Building plugin", "Building dashboard", "/setup#token="];
  const places = steps.map((step) => output.indexOf(step));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places).not.toContain(-1);
  expect(existsSync(join(clone, "pb_data/data.db"))).toBe(true);
});

test("npm start once more uses what is there, and the settings of .env", async () => {
  writeFileSync(join(clone, ".env"), "OPENSYNC_URL=http://box.example:8090\n");
  const { output, readyInMs } = await startAndStop();
  expect(output).toContain("http://box.example:8090/setup#token=");
  console.log(`npm start on a warm clone was ready after ${Math.round(readyInMs)} ms`);
  expect(output).not.toMatch(/Installing|Building/);
});

test("node scripts/start.mjs, as a service runs it, takes its server along when it alone is asked to end", async () => {
  const { exitCode } = await startAndStop(["node", "scripts/start.mjs"], (pid) => process.kill(pid, "SIGTERM"));
  expect(exitCode).toBe(0);
});

test("npm test after it uses that, too, and its last line counts", async () => {
  const { ended, output } = run("npm", ["test", "--", "--project", "unit", "scripts/env-example.test.ts"]);
  await ended;
  expect(output()).not.toMatch(/Installing|Building/);
  expect(output()).toContain("scripts/env-example.test.ts");
  expect(output()).toMatch(/^\d+ passed, \d+ failed$/m);
});
