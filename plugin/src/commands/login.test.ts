import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestTerminal } from "../io/test-terminal.ts";
import type { FakeAnswer } from "../testing/fake-server.ts";
import {
  createTestMachine,
  EMPTY_SERVER,
  REFUSED,
  TEST_KEY,
  TEST_URL,
  type TestMachine,
} from "../testing/run-command.ts";

let machine: TestMachine;
beforeEach(() => {
  machine = createTestMachine({ isSignedIn: false });
});
afterEach(() => machine.remove());

const saved = () => {
  const file = join(machine.home, ".opensync/credentials.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
};
const config = () => readFileSync(join(machine.home, ".config/opencode/opencode.json"), "utf8");

describe("login", () => {
  test("in a terminal asks for address, key and consent", async () => {
    const terminal = createTestTerminal({ isTerminal: true, answers: [`${TEST_URL}/`, TEST_KEY, true] });
    expect(await machine.run(["login"], { terminal })).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: [
        `Signed in to ${TEST_URL} with key os_01234…ABCD, saved in ~/.opensync/credentials.json`,
        "OpenCode loads the plugin from its next start on: ~/.config/opencode/opencode.json",
        "",
      ].join("\n"),
    });
    expect(terminal.questions).toEqual([
      "OpenSync URL",
      "API key",
      "Let OpenCode load the plugin (~/.config/opencode/opencode.json)?",
    ]);
    expect(saved()).toEqual({ url: TEST_URL, apiKey: TEST_KEY });
    expect(JSON.parse(config()).plugin).toEqual([pathToFileURL(join(machine.home, ".opensync/plugin.js")).href]);
    expect(readFileSync(join(machine.home, ".opensync/plugin.js"), "utf8")).toBe("export default {};\n");
  });

  test("in a script takes the key from stdin and asks nothing", async () => {
    const terminal = createTestTerminal({ input: `${TEST_KEY}\n` });
    const result = await machine.run(["login", "--url", TEST_URL, "--key", "-"], { terminal });
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: [
        `Signed in to ${TEST_URL} with key os_01234…ABCD, saved in ~/.opensync/credentials.json`,
        "OpenCode does not load the plugin yet. To change that: opencode-sync login --register",
        "",
      ].join("\n"),
    });
    expect(existsSync(join(machine.home, ".config"))).toBe(false);
    // The key is shown to the server only once its address has proved right.
    expect(result.requests.map(({ path, key: sent }) => [path, sent])).toEqual([
      ["/health", ""],
      ["/sync/sessions/list", `Bearer ${TEST_KEY}`],
    ]);
  });

  test("takes both from the environment, and registers when told to", async () => {
    const env = { OPENSYNC_URL: TEST_URL, OPENSYNC_API_KEY: TEST_KEY };
    expect(await machine.run(["login", "--register", "-q"], { env })).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
    expect(config()).toContain("/.opensync/plugin.js");
  });

  test("with --register alone registers for who is signed in, and asks nothing", async () => {
    const terminal = createTestTerminal({ input: `${TEST_KEY}\n` });
    await machine.run(["login", "--url", TEST_URL, "--key", "-"], { terminal });
    // What doctor and the login before it say to do.
    expect(await machine.run(["login", "--register"])).toMatchObject({ exitCode: 0 });
    expect(config()).toContain("/.opensync/plugin.js");
    expect(saved()).toEqual({ url: TEST_URL, apiKey: TEST_KEY });
  });

  test("with --register alone still needs an address where nobody is signed in", async () => {
    const { exitCode, stderr } = await machine.run(["login", "--register"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("the address of the server is missing")]);
  });

  test("never takes the key as an argument, and does not repeat it", async () => {
    for (const args of [["--key", TEST_KEY], [`--key=${TEST_KEY}`]]) {
      const result = await machine.run(["login", "--url", TEST_URL, ...args]);
      expect(result.exitCode).toBe(1);
      expect(result.stderr).toBe(
        [
          "error: the key must not be an argument: other programs and the shell's history can read it",
          "hint:  Leave --key out to be asked for it, pipe it to `--key -`, or set OPENSYNC_API_KEY.",
          "",
        ].join("\n"),
      );
      expect(result.requests).toEqual([]);
    }
  });

  test.each<{ name: string; server: Record<string, FakeAnswer>; exitCode: number; error: string }>([
    {
      name: "a key that the server refuses",
      server: { ...EMPTY_SERVER, "GET /sync/sessions/list": REFUSED },
      exitCode: 4,
      error: "Invalid API key",
    },
    {
      name: "a server that is not there",
      server: { "GET /health": "refused" },
      exitCode: 1,
      error: "connection refused",
    },
    { name: "an address that is something else", server: { "GET /health": [404, {}] }, exitCode: 1, error: "404" },
  ])("saves nothing with $name", async ({ server, exitCode, error }) => {
    const result = await machine.run(["login", "--url", TEST_URL], { server, env: { OPENSYNC_API_KEY: TEST_KEY } });
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(error);
    expect(result.stderr).toContain("hint:  ");
    expect(result.stderr).not.toContain(TEST_KEY);
    expect(saved()).toBeUndefined();
  });

  test.each([
    { name: "no address", args: ["login"], error: "the address of the server is missing" },
    { name: "no key", args: ["login", "--url", TEST_URL], error: "the API key is missing" },
    {
      name: "an address that is none",
      args: ["login", "--url", "box:8090"],
      error: "must begin with http:// or https://",
    },
  ])("says what is missing: $name", async ({ args, error }) => {
    const result = await machine.run(args);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(error);
  });

  test("an empty line is no key", async () => {
    const terminal = createTestTerminal({ input: "\n" });
    const result = await machine.run(["login", "--url", TEST_URL, "--key", "-"], { terminal });
    expect(result).toMatchObject({ exitCode: 1, requests: [] });
    expect(result.stderr).toContain("the API key is missing");
  });

  test("knows a key from a password before anybody sees it", async () => {
    const result = await machine.run(["login", "--url", TEST_URL], { env: { OPENSYNC_API_KEY: "hunter2 is secret" } });
    expect(result).toMatchObject({ exitCode: 1, requests: [] });
    expect(result.stderr).not.toContain("hunter2");
  });

  test("takes a key of version 1, in which any letter may be a dash or an underscore", async () => {
    const key = ["osk", "V1StGXR8-Z5jdHi6B-myT", "k3yZq9Lw2-a"].join("_");
    const result = await machine.run(["login", "--url", TEST_URL], { env: { OPENSYNC_API_KEY: ` ${key}\n` } });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(saved()).toEqual({ url: TEST_URL, apiKey: key });
  });

  test("that is cancelled changes nothing", async () => {
    const terminal = createTestTerminal({ isTerminal: true, answers: [null] });
    expect(await machine.run(["login"], { terminal })).toMatchObject({
      exitCode: 2,
      stderr: "error: cancelled\nhint:  Nothing was changed.\n",
    });
    expect(saved()).toBeUndefined();
  });

  test("warns when key and sessions would travel readable", async () => {
    const result = await machine.run(["login", "--url", "http://box.lan"], { env: { OPENSYNC_API_KEY: TEST_KEY } });
    expect(result.stderr).toContain("warning: http://box.lan is not encrypted");
  });
});

test.each([
  ["there", [204, null], "Signed out. The key is revoked.\n"],
  [
    "away",
    "refused",
    `The key os_01234…ABCD could not be revoked: DELETE /api/keys/current: cannot reach ${TEST_URL}: nobody listens there (connection refused)
Signed out. The key itself still works until you revoke it: Settings > API keys.
`,
  ],
] as const)("logout --revoke, with a server that is %s", async (_, answer, stderr) => {
  machine.signIn();
  const result = await machine.run(["logout", "--revoke"], { server: { "DELETE /api/keys/current": answer } });
  expect(result).toMatchObject({ exitCode: 0, stderr });
  expect(saved()).toBeUndefined();
});

test("logout undoes login, without a server", async () => {
  await machine.run(["login", "--register"], { env: { OPENSYNC_URL: TEST_URL, OPENSYNC_API_KEY: TEST_KEY } });
  expect(await machine.run(["logout"], { server: {} })).toMatchObject({
    exitCode: 0,
    stdout: "",
    stderr: [
      "OpenCode no longer loads the plugin: ~/.config/opencode/opencode.json",
      "Signed out. The key itself still works until you revoke it: Settings > API keys.",
      "",
    ].join("\n"),
  });
  expect(saved()).toBeUndefined();
  expect(existsSync(join(machine.home, ".opensync/plugin.js"))).toBe(false);
  expect(config()).not.toContain("plugin.js");
  expect(await machine.run(["logout"])).toMatchObject({ exitCode: 0, stderr: "Nobody was signed in.\n" });
});
