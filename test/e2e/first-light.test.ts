import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { expectNoProblems, waitForAddress, waitUntilLive } from "../support/dashboard.ts";
import { type FreshServer, startFreshServer } from "../support/fresh-server.ts";
import { type MockModel, startMockModel } from "../support/mock-model.ts";
import { createOpenCodeHome, type OpenCodeHome, startOpenCode } from "../support/opencode.ts";

const execute = promisify(execFile);
const prompt =
  'Look around [[reason:The list of files first.]][[tool:bash {"command":"ls -la","description":"List files"}]]' +
  '[[tool:read {"filePath":"README.md"}]][[say:All **seen**: one heading.]][[slow:300]][[usage:2400,180,1200,25]]';

let server: FreshServer;
let browser: TestBrowser;
let model: MockModel;
let home: OpenCodeHome;
let tab: TestPage;
/** Where `npm install -g` puts the command line in this test. */
let globalFolder: string;

beforeAll(async () => {
  server = await startFreshServer();
  browser = await startBrowser();
  model = await startMockModel();
  home = await createOpenCodeHome({ modelUrl: model.url });
  globalFolder = mkdtempSync(join(tmpdir(), "opensync-global-"));
});

afterAll(async () => {
  await browser?.close();
  await model?.stop();
  await server?.stop();
  home?.remove();
  rmSync(globalFolder, { recursive: true, force: true });
});

/** Runs a program as the person at this terminal does. */
async function terminal(program: string, args: string[], input = "") {
  const path = [join(globalFolder, "bin"), home.env["PATH"]].join(delimiter);
  const running = execute(program, args, { cwd: home.project, env: { ...home.env, PATH: path } });
  running.child.stdin?.end(input);
  return running;
}

/** When the last part of the newest message of a role was written, by OpenCode's own clock (the same machine's). */
function writtenAtMs(role: string): number {
  const database = new DatabaseSync(home.databaseFile, { readOnly: true });
  try {
    const row = database
      .prepare(
        `SELECT max(p.time_updated) AS ms FROM part p JOIN message m ON m.id = p.message_id
         WHERE m.data ->> 'role' = ? AND m.id = (SELECT id FROM message WHERE data ->> 'role' = ? ORDER BY time_created DESC, id DESC LIMIT 1)`,
      )
      .get(role, role);
    return Number(row?.["ms"]);
  } finally {
    database.close();
  }
}

describe("from an empty machine to a live session on the dashboard, in order", () => {
  let key = "";

  test("the setup link of the server's log creates the account and shows the first key", async () => {
    tab = await browser.open(server.url);
    // A turn of the agent takes 4 s on an idle machine, and much longer on a busy one.
    tab.page.setDefaultTimeout(120_000);
    await tab.page.goto(server.setupLink);
    await tab.page.getByLabel("E-mail").fill("owner@example.com");
    await tab.page.getByLabel("Password", { exact: true }).fill("a long password");
    await tab.page.getByLabel("Password again").fill("a long password");
    await tab.page.getByRole("button", { name: "Create" }).click();
    await waitForAddress(tab, ({ pathname }) => pathname === "/settings/keys");
    await tab.page.getByLabel("API key", { exact: true }).waitFor();
  });

  test("Settings generates a key of its own for this machine", async () => {
    await tab.page.getByRole("button", { name: "I have saved it" }).click();
    await tab.page.getByRole("button", { name: "Generate API key" }).click();
    await tab.page.getByLabel("Name").fill("workstation");
    await tab.page.getByRole("dialog").getByRole("button", { name: "Generate" }).click();
    key = await tab.page.getByLabel("API key", { exact: true }).inputValue();
    expect(key).toMatch(/^os_[0-9A-Za-z]{43}$/);
    await tab.screenshot("first-light-key");
  });

  test("the command line comes from the server itself and signs in with that key", async () => {
    const install = await tab.page.getByLabel("Install command").inputValue();
    const login = await tab.page.getByLabel("Login command").inputValue();
    expect([install, login]).toEqual([`npm i -g ${server.url}/plugin.tgz`, `opencode-sync login --url ${server.url}`]);
    const npm = ["install", "-g", "--prefix", globalFolder, "--no-audit", "--no-fund", `${server.url}/plugin.tgz`];
    await terminal("npm", npm);
    await terminal("opencode-sync", ["login", "--url", server.url, "--key", "-", "--register"], `${key}\n`);
    await terminal("opencode-sync", ["verify"]);
  });

  test("a conversation with tool calls appears on the open dashboard while it is being written", async () => {
    await tab.page.goto("/");
    await waitUntilLive(tab);
    const running = startOpenCode(home, ["run", prompt]);
    await tab.page.locator("[data-row-link]").first().click();
    await tab.page.getByRole("button", { name: /bash.*ls -la/ }).waitFor();
    const toolSeenAtMs = Date.now();
    // Exactly: the prompt, which is on the page as well, quotes the answer.
    await tab.page.getByText("All seen: one heading.", { exact: true }).waitFor();
    const seenAtMs = Date.now();
    const run = await running.finished;
    expect(run.exitCode).toBe(0);
    console.log(
      `the tool call was on the page ${seenAtMs - toolSeenAtMs} ms before the answer, ` +
        `the answer ${seenAtMs - writtenAtMs("assistant")} ms after OpenCode wrote it (${server.kind})`,
    );
    await tab.screenshot("first-light-session");
  });

  test("the next turn appears on the same page without a reload", async () => {
    const loadedAt = await tab.page.evaluate(() => performance.timeOrigin);
    const running = startOpenCode(home, ["run", "--continue", "And now? [[say:Now there is a second turn.]]"]);
    await tab.page.getByText("Now there is a second turn.", { exact: true }).waitFor();
    const seenAtMs = Date.now();
    await running.finished;
    expect(await tab.page.evaluate(() => performance.timeOrigin)).toBe(loadedAt);
    console.log(`the second answer was on the page ${seenAtMs - writtenAtMs("assistant")} ms after OpenCode wrote it`);
    expectNoProblems(tab);
  });

  test("both sides agree that everything arrived", async () => {
    const { stdout } = await terminal("opencode-sync", ["sync", "--all"]);
    expect(stdout).toContain("0 sessions sent, 1 already there");
  });

  test("the account, the key and the sessions outlive a restart of the server", async () => {
    await server.restart();
    await terminal("opencode-sync", ["status"]);
    await tab.page.goto("/");
    await tab.page.locator("[data-row-link]").first().waitFor();
    expect(server.output()).not.toContain(key);
  });
});
