import { copyFileSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { serveFiles } from "../support/file-server.ts";
import { startNpmRegistry } from "../support/npm-registry.ts";
import { builtPlugin, createOpenCodeHome, type OpenCodeHome, runCli, runOpenCode } from "../support/opencode.ts";
import { sharedAccount, sharedModel, sharedServer } from "../support/shared.ts";

const NAME = "opencode-sync-plugin";

const server = sharedServer();
const ann = sharedAccount(server);
const model = sharedModel();
let archive: Buffer;
const homes: OpenCodeHome[] = [];

beforeAll(() => {
  const [file] = globSync("build/plugin/*.tgz", { cwd: inRoot() });
  archive = readFileSync(inRoot(file ?? expect.fail("the package is built")));
});

const credentials = () => ({ OPENSYNC_URL: server.url, OPENSYNC_API_KEY: ann.key });

afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

const stored = (project: string) =>
  server.query("SELECT 1 FROM messages m JOIN sessions s ON s.id = m.session WHERE projectPath = ?", project).length;

/** A home in whose configuration the plugin is named so. */
async function newHome(...plugins: string[]): Promise<OpenCodeHome> {
  const home = await createOpenCodeHome({ modelUrl: model.url, plugins });
  homes.push(home);
  return home;
}

/** One conversation. @returns how many of its messages the server has */
async function converse(home: OpenCodeHome, more: { env?: Record<string, string>; args?: string[] } = {}) {
  const env = { ...credentials(), ...more.env };
  const run = await runOpenCode(home, "Hello [[say:Hi.]]", { env, args: more.args ?? [] });
  expect(run.exitCode, run.stderr).toBe(0);
  return stored(home.project);
}

test("OpenCode loads the plugin from the address at which a server hands it out", async () => {
  const files = await serveFiles({ "/plugin.tgz": archive });
  try {
    expect(await converse(await newHome(`${NAME}@${files.url}/plugin.tgz`))).toBe(2);
  } finally {
    await files.stop();
  }
});

test("OpenCode loads the plugin by its name from npm's registry", async () => {
  const { version } = JSON.parse(readFileSync(inRoot("plugin/package.json"), "utf8"));
  const registry = await startNpmRegistry(NAME, version, { archive });
  try {
    expect(await converse(await newHome(NAME), { env: { npm_config_registry: registry.url } })).toBe(2);
  } finally {
    await registry.close();
  }
});

test("OpenCode loads the plugin as a file in its folder", async () => {
  const home = await newHome();
  const folder = join(home.home, ".config/opencode/plugin");
  mkdirSync(folder);
  copyFileSync(builtPlugin, join(folder, "opensync.js"));
  expect(await converse(home)).toBe(2);
});

test("with --pure nothing is loaded and nothing is sent, until somebody syncs", async () => {
  const home = await newHome(`file://${builtPlugin}`);
  expect(await converse(home, { args: ["--pure"] })).toBe(0);
  expect(await runCli(home, ["sync", "--all"], { env: credentials() })).toMatchObject({ exitCode: 0 });
  expect(stored(home.project)).toBe(2);
});
