import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { freePort } from "../support/launch.ts";
import { type NpmRegistry, startNpmRegistry } from "../support/npm-registry.ts";
import {
  createOpenCodeHome,
  OPENCODE_VERSION,
  type OpenCodeHome,
  openCodeBinary,
  runCli,
  runOpenCode,
} from "../support/opencode.ts";
import { processesWith } from "../support/processes.ts";
import { sharedAccount, sharedModel, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

const PACKAGE = "@opencode-ai/plugin";

const server = sharedServer();
const ann = sharedAccount(server);
const model = sharedModel();
let home: OpenCodeHome;
let port: number;
let env: Record<string, string>;

beforeEach(async () => {
  home = await createOpenCodeHome({ modelUrl: model.url, isPrepared: false });
  port = await freePort();
  const path = [dirname(openCodeBinary()), home.env["PATH"]].join(delimiter);
  env = { PATH: path, npm_config_registry: `http://127.0.0.1:${port}` };
});

afterEach(async () => {
  await until("nothing is installed any more", () => processesWith("HOME", home.home).length === 0, 120_000);
  home.remove();
});

const startRegistry = (): Promise<NpmRegistry> => startNpmRegistry(PACKAGE, OPENCODE_VERSION, { port });
const login = (...more: string[]) =>
  runCli(home, ["login", "--url", server.url, "--key", "-", "--register", ...more], { input: ann.key, env });
const lockSchema = z.object({ name: z.string(), packages: z.record(z.string(), z.object({}).loose()) });
const lock = () =>
  lockSchema.parse(JSON.parse(readFileSync(join(home.home, ".config/opencode/package-lock.json"), "utf8")));
const isInstalled = () => {
  try {
    return lock().packages[`node_modules/${PACKAGE}`] !== undefined;
  } catch {
    return false;
  }
};

/** What it waits for at its start is an answer of the registry: without a question there is nothing to wait for. */
async function expectStartWithoutQuestion(registry: NpmRegistry): Promise<void> {
  const asked = registry.requests.length;
  expect(await runOpenCode(home, "Hello [[say:Hi.]]", { env })).toMatchObject({ exitCode: 0 });
  expect(registry.requests.length).toBe(asked);
  const sql = "SELECT 1 FROM messages m JOIN sessions s ON s.id = m.session WHERE projectPath = ?";
  expect(server.query(sql, home.project)).toHaveLength(2);
}

test("login fetches in the background what OpenCode would wait for, and OpenCode asks for nothing more", async () => {
  const registry = await startRegistry();
  try {
    const result = await login();
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
    expect(result.stderr).toContain("What OpenCode wants to install for its plugins is fetched in the background.\n");
    await until("it is installed", isInstalled, 120_000);
    await expectStartWithoutQuestion(registry);
  } finally {
    await registry.close();
  }
});

test("offline a stand-in lets OpenCode start as ever, and the next sync that is online replaces it", async () => {
  expect((await login("--stand-in")).exitCode).toBe(0);
  expect(lock().name).toBe("opensync-stand-in");
  const registry = await startRegistry();
  try {
    await expectStartWithoutQuestion(registry);
    expect((await runCli(home, ["sync", "--all"], { env })).exitCode).toBe(0);
    await until("it is replaced", isInstalled, 120_000);
    expect((await runCli(home, ["logout"], { env })).exitCode).toBe(0);
    expect(isInstalled()).toBe(true);
  } finally {
    await registry.close();
  }
});
