import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inRoot, root } from "../../scripts/paths.mjs";
import { freePort } from "../support/launch.ts";
import { setupLinks } from "../support/setup-link.ts";
import { until } from "../support/until.ts";

const settings = { OPENSYNC_URL: "", OPENSYNC_EMAIL: "", OPENSYNC_PASSWORD: "", OPENSYNC_TRUSTED_PROXY: "" };
let folder: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-start-"));
});

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Runs what `npm start` runs, as a person at a terminal does. */
function run(address: string) {
  const child = spawn(process.execPath, [inRoot("scripts/start.mjs")], {
    cwd: root,
    // Set, so that a person's own .env does not decide.
    env: { ...process.env, ...settings, OPENSYNC_HTTP: address, OPENSYNC_DATA: join(folder, "data") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, output: () => output };
}

/** The same, until it says that it is ready. */
async function start() {
  const address = `127.0.0.1:${await freePort()}`;
  const startedAt = performance.now();
  const started = run(address);
  await until("the server is ready", () => started.output().includes(`OpenSync is ready: http://${address}`), 120_000);
  return { ...started, address, url: `http://${address}`, readyInMs: performance.now() - startedAt };
}

test("npm start says where to go, and Ctrl-C ends it and the server", async () => {
  const { url, child, ended, output, readyInMs } = await start();
  console.log(`npm start was ready after ${Math.round(readyInMs)} ms`);
  expect(setupLinks(output())).toHaveLength(1);
  expect(setupLinks(output())[0]).toContain(`${url}/setup#token=`);
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});

test("a second npm start goes on with the same data, and installs and builds nothing", async () => {
  const first = await start();
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  const second = await start();
  expect((await fetch(`${second.url}/health`)).status).toBe(200);
  expect(second.output()).not.toMatch(/Installing|Building|getting|got by/);
  second.child.kill("SIGINT");
  expect(await second.ended).toBe(0);
});

test("npm start where an OpenSync runs already says so and fails, without a link that leads to the other server", async () => {
  const first = await start();
  const second = run(first.address);
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`An OpenSync runs on ${first.address} already.`);
  expect(second.output()).not.toMatch(/is ready|setup#token/);
  expect((await fetch(`${first.url}/health`)).status).toBe(200);
  first.child.kill("SIGINT");
  expect(await first.ended).toBe(0);
});
