import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestTerminal, type TestTerminal } from "../io/test-terminal.ts";
import { createFakeServer, type FakeAnswer } from "../testing/fake-server.ts";
import { copyFixtureStore } from "../testing/opencode-fixture.ts";
import { VERSION } from "../version.ts";
import { COMMANDS } from "./index.ts";
import { runProgram } from "./run.ts";

const url = "http://127.0.0.1:8090";
const key = "os_0123456789abcdefghijklmnopqrstuvwxyzABCD";
const OK: Record<string, FakeAnswer> = {
  "GET /health": [200, { status: "ok", timestamp: 1, version: VERSION }],
  "GET /sync/sessions/list": [200, { sessionIds: [] }],
};
const REFUSED = [401, { error: "Invalid API key: Invalid or expired token" }] as const;

let home: string;
let packageFolder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "opensync-cli-"));
  packageFolder = join(home, "package");
  mkdirSync(packageFolder);
  writeFileSync(join(packageFolder, "plugin.js"), "export default {};\n");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

type World = {
  readonly server?: Record<string, FakeAnswer>;
  readonly terminal?: TestTerminal;
  readonly env?: Record<string, string>;
};

async function run(args: readonly string[], { server = OK, terminal = createTestTerminal(), env = {} }: World = {}) {
  const { fetch, requests } = createFakeServer(server);
  const context = {
    terminal,
    env: { HOME: home, ...env },
    now: () => Date.UTC(2026, 10, 25, 12),
    device: "workstation",
    fetch,
    packageFolder,
  };
  const exitCode = await runProgram(args, COMMANDS, context);
  const [stdout, stderr] = [terminal.stdout(), terminal.stderr()].map((text) => text.replaceAll(home, "HOME"));
  return { exitCode, stdout, stderr, requests };
}

const signIn = () => {
  mkdirSync(join(home, ".opensync"), { mode: 0o700 });
  writeFileSync(join(home, ".opensync/credentials.json"), JSON.stringify({ url, apiKey: key }), { mode: 0o600 });
};
const saved = () => {
  const file = join(home, ".opensync/credentials.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
};
const config = () => readFileSync(join(home, ".config/opencode/opencode.json"), "utf8");

describe("login", () => {
  test("in a terminal asks for address, key and consent", async () => {
    const terminal = createTestTerminal({ isTerminal: true, answers: [`${url}/`, key, true] });
    expect(await run(["login"], { terminal })).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: [
        `Signed in to ${url} with key os_01234…ABCD, saved in ~/.opensync/credentials.json`,
        "OpenCode loads the plugin from its next start on: ~/.config/opencode/opencode.json",
        "",
      ].join("\n"),
    });
    expect(terminal.questions).toEqual([
      "OpenSync URL",
      "API key",
      "Let OpenCode load the plugin (~/.config/opencode/opencode.json)?",
    ]);
    expect(saved()).toEqual({ url, apiKey: key });
    expect(JSON.parse(config()).plugin).toEqual([pathToFileURL(join(home, ".opensync/plugin.js")).href]);
    expect(readFileSync(join(home, ".opensync/plugin.js"), "utf8")).toBe("export default {};\n");
  });

  test("in a script takes the key from stdin and asks nothing", async () => {
    const terminal = createTestTerminal({ input: `${key}\n` });
    const result = await run(["login", "--url", url, "--key", "-"], { terminal });
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: [
        `Signed in to ${url} with key os_01234…ABCD, saved in ~/.opensync/credentials.json`,
        "OpenCode does not load the plugin yet. To change that: opencode-sync login --register",
        "",
      ].join("\n"),
    });
    expect(existsSync(join(home, ".config"))).toBe(false);
    // The key is shown to the server only once its address has proved right.
    expect(result.requests.map(({ path, key: sent }) => [path, sent])).toEqual([
      ["/health", ""],
      ["/sync/sessions/list", `Bearer ${key}`],
    ]);
  });

  test("takes both from the environment, and registers when told to", async () => {
    const env = { OPENSYNC_URL: url, OPENSYNC_API_KEY: key };
    expect(await run(["login", "--register", "-q"], { env })).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(config()).toContain("/.opensync/plugin.js");
  });

  test("never takes the key as an argument, and does not repeat it", async () => {
    for (const args of [["--key", key], [`--key=${key}`]]) {
      const result = await run(["login", "--url", url, ...args]);
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
      server: { ...OK, "GET /sync/sessions/list": REFUSED },
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
    const result = await run(["login", "--url", url], { server, env: { OPENSYNC_API_KEY: key } });
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(error);
    expect(result.stderr).toContain("hint:  ");
    expect(result.stderr).not.toContain(key);
    expect(saved()).toBeUndefined();
  });

  test.each([
    { name: "no address", args: ["login"], error: "the address of the server is missing" },
    { name: "no key", args: ["login", "--url", url], error: "the API key is missing" },
    {
      name: "an address that is none",
      args: ["login", "--url", "box:8090"],
      error: "must begin with http:// or https://",
    },
  ])("says what is missing: $name", async ({ args, error }) => {
    const result = await run(args);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(error);
  });

  test("knows a key from a password before anybody sees it", async () => {
    const result = await run(["login", "--url", url], { env: { OPENSYNC_API_KEY: "hunter2 is secret" } });
    expect(result).toMatchObject({ exitCode: 1, requests: [] });
    expect(result.stderr).not.toContain("hunter2");
  });

  test("that is cancelled changes nothing", async () => {
    const terminal = createTestTerminal({ isTerminal: true, answers: [null] });
    expect(await run(["login"], { terminal })).toMatchObject({
      exitCode: 2,
      stderr: "error: cancelled\nhint:  Nothing was changed.\n",
    });
    expect(saved()).toBeUndefined();
  });

  test("warns when key and sessions would travel readable", async () => {
    const result = await run(["login", "--url", "http://box.lan"], { env: { OPENSYNC_API_KEY: key } });
    expect(result.stderr).toContain("warning: http://box.lan is not encrypted");
  });
});

test("logout undoes login, without a server", async () => {
  await run(["login", "--register"], { env: { OPENSYNC_URL: url, OPENSYNC_API_KEY: key } });
  expect(await run(["logout"], { server: {} })).toMatchObject({
    exitCode: 0,
    stdout: "",
    stderr: [
      "OpenCode no longer loads the plugin: ~/.config/opencode/opencode.json",
      "Signed out. The key itself still works until you revoke it: Settings > API keys.",
      "",
    ].join("\n"),
  });
  expect(saved()).toBeUndefined();
  expect(existsSync(join(home, ".opensync/plugin.js"))).toBe(false);
  expect(config()).not.toContain("plugin.js");
  expect(await run(["logout"])).toMatchObject({ exitCode: 0, stderr: "Nobody was signed in.\n" });
});

describe("config", () => {
  const rows = [
    ["url", url],
    ["key", "os_01234…ABCD"],
    ["device", "workstation"],
    ["credentials", "~/.opensync/credentials.json"],
    ["plugin", "~/.opensync/plugin.js"],
    ["openCodeConfig", "~/.config/opencode/opencode.json"],
    ["registered", "false"],
    ["settings", "~/.opensync/settings.json"],
    ["redaction", "true"],
    ["patterns", "-"],
    ["excluded", "-"],
    ["pausedUntil", "-"],
  ];

  test("for a program is tab-separated", async () => {
    signIn();
    const stdout = rows.map((row) => `${row.join("\t")}\n`).join("");
    expect(await run(["config"], { server: {} })).toMatchObject({ exitCode: 0, stdout, stderr: "" });
  });

  test("for a person is aligned", async () => {
    signIn();
    const terminal = createTestTerminal({ isTerminal: true });
    const stdout = rows.map(([field = "", value]) => `${field.padEnd(14)}  ${value}\n`).join("");
    expect(await run(["config"], { server: {}, terminal })).toMatchObject({ exitCode: 0, stdout, stderr: "" });
  });

  test("as JSON has the fields that were asked for, and null for what is not there", async () => {
    expect((await run(["config", "--json", "url,registered"])).stdout).toBe('{"url":null,"registered":false}\n');
  });
});

describe("status", () => {
  test("tells a machine that is not signed in by its exit code", async () => {
    expect(await run(["status"])).toMatchObject({
      exitCode: 4,
      stdout: "",
      stderr: "error: this machine is not signed in\nhint:  Run: opencode-sync login\n",
    });
  });

  test("asks the server once and counts what is waiting", async () => {
    signIn();
    const store = copyFixtureStore("1.2.27");
    mkdirSync(join(home, ".opensync/state"));
    writeFileSync(
      join(home, ".opensync/state/opencode.json"),
      JSON.stringify({
        sinceMs: 0,
        sessions: { ses_e046ca6fcffeVLsO7mdgGenyoF: 1795222100584 },
        lastSuccessAtMs: 1795222200000,
      }),
    );
    const result = await run(["status"], { env: store.env });
    store.remove();
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: "",
      stdout: [
        `url\t${url}`,
        "key\tos_01234…ABCD",
        "server\tok",
        "lastSuccessAt\t2026-11-21T00:50:00.000Z",
        "waiting\t1",
        "rejected\t0",
        "",
      ].join("\n"),
    });
    expect(result.requests).toHaveLength(1);
  });

  test("fails when the server does not take the key", async () => {
    signIn();
    const result = await run(["status", "--json", "server"], { server: { "GET /sync/sessions/list": REFUSED } });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain("Invalid API key");
  });
});

describe("verify", () => {
  test("names each check, and is content after login and one start of OpenCode", async () => {
    const store = copyFixtureStore("1.15.13");
    const env = { OPENSYNC_URL: url, OPENSYNC_API_KEY: key };
    await run(["login", "--register"], { env });
    const result = await run(["verify"], { env: store.env });
    store.remove();
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: "",
      stdout: [
        "credentials\tok\t~/.opensync/credentials.json\t",
        `server\tok\t${url} answers (version ${VERSION})\t`,
        "key\tok\tthe server takes it\t",
        "plugin\tok\t~/.opensync/plugin.js\t",
        "registration\tok\t~/.config/opencode/opencode.json names the plugin\t",
        "store\tok\t1 session of OpenCode\t",
        "",
      ].join("\n"),
    });
  });

  test("shows a person what is wrong and the exact fix, one under the other", async () => {
    signIn();
    const terminal = createTestTerminal({ isTerminal: true });
    const server = { ...OK, "GET /sync/sessions/list": REFUSED };
    const { exitCode, stdout } = await run(["verify"], { terminal, server });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      [
        "failed   plugin        ~/.opensync/plugin.js is missing",
        "                       Run: opencode-sync login",
        "failed   registration  ~/.config/opencode/opencode.json does not name the plugin",
        "                       Run: opencode-sync login --register",
        "warning  store         OpenCode has no sessions here yet",
        "                       Start OpenCode once.",
        "",
      ].join("\n"),
    );
    expect(stdout).toMatch(/^failed {3}key {11}.*Invalid API key/m);
  });

  test("warns about a key file that others can read", async () => {
    mkdirSync(join(home, ".opensync"));
    writeFileSync(join(home, ".opensync/credentials.json"), JSON.stringify({ url, apiKey: key }), { mode: 0o644 });
    expect((await run(["verify"])).stdout).toContain(
      "credentials\twarning\t~/.opensync/credentials.json can be read by others\tRun: chmod 600 ~/.opensync/credentials.json\n",
    );
  });
});

describe("sync", () => {
  const batch = (changed: number): FakeAnswer => [
    200,
    { ok: true, sessions: 1, messages: 3, errors: [], changed: { sessions: changed, messages: changed } },
  ];

  test("alone sends one marked test session without messages", async () => {
    signIn();
    const result = await run(["sync"], { server: { ...OK, "POST /sync/batch": batch(1) } });
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: "1 session sent, 0 already there, 0 messages\n",
      stderr: `The server took the test session "Connection test of workstation": ${url}\n`,
    });
    expect(result.requests.at(-1)?.body).toMatchObject({
      sessions: [{ externalId: "opensync-test-workstation", source: "opensync", meta: { isTest: true } }],
      messages: [],
    });
  });

  test("--new remembers what it sent", async () => {
    signIn();
    const store = copyFixtureStore("1.15.13");
    const world = { env: store.env, server: { ...OK, "POST /sync/batch": batch(1) } };
    const first = await run(["sync", "--new"], world);
    const second = await run(["sync", "--new"], world);
    store.remove();
    expect(first).toMatchObject({ exitCode: 0, stdout: "1 session sent, 0 already there, 3 messages\n" });
    expect(second).toMatchObject({
      exitCode: 0,
      stdout: "0 sessions sent, 1 already there, 0 messages\n",
      requests: [],
    });
  });

  test("that cannot finish says so by its exit code and how to go on", async () => {
    signIn();
    const store = copyFixtureStore("1.15.13");
    const result = await run(["sync", "--new"], {
      env: store.env,
      server: { "POST /sync/batch": [503, { error: "full" }] },
    });
    store.remove();
    expect(result.exitCode).toBe(8);
    expect(result.stderr).toContain("hint:  Run the same command again: it goes on where it stopped.");
  });

  test("takes one of its three ways only", async () => {
    expect(await run(["sync", "--new", "--all"])).toMatchObject({
      exitCode: 1,
      stderr: "error: --new, --all and --force exclude each other\nhint:  See: opencode-sync sync --help\n",
    });
  });
});

describe("version", () => {
  test("is told alone when nobody is signed in", async () => {
    expect(await run(["--version"])).toMatchObject({ exitCode: 0, stdout: `opencode-sync ${VERSION}\n`, stderr: "" });
  });

  test("comes with the server's, which may be away", async () => {
    signIn();
    const there = await run(["version"]);
    expect(there.stdout).toBe(`opencode-sync ${VERSION}\nserver ${VERSION}\n`);
    const away = await run(["version"], { server: { "GET /health": "refused" } });
    expect(away).toMatchObject({ exitCode: 0, stdout: `opencode-sync ${VERSION}\n` });
    expect(away.stderr).toContain("connection refused");
  });
});
