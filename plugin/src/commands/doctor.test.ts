import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestTerminal } from "../io/test-terminal.ts";
import { tryLock } from "../sync/one-at-a-time.ts";
import type { FakeAnswers } from "../testing/fake-server.ts";
import { copyFixtureStore, type FixtureStore } from "../testing/opencode-fixture.ts";
import { createTestMachine, TEST_NOW_MS, TEST_URL, type TestMachine } from "../testing/run-command.ts";
import { VERSION } from "../version.ts";

const health = (timestamp: number, version = VERSION): Record<string, FakeAnswers> => ({
  "GET /health": [200, { status: "ok", timestamp, version }],
  "GET /sync/sessions/list": [200, { sessionIds: [], digests: {}, deleted: [] }],
  "GET /api/sessions": [403, { error: "This key may not read." }],
});

let machine: TestMachine;
let store: FixtureStore;
beforeEach(() => {
  machine = createTestMachine();
  store = copyFixtureStore("1.15.13");
});
afterEach(() => {
  store.remove();
  machine.remove();
});

const write = (path: string, text: string) => {
  const file = join(machine.home, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
};

/** A machine on which nothing is wrong. */
function setUp() {
  write("package/plugin.js", 'export default { id: "opensync" };\n');
  write(".opensync/plugin.js", 'export default { id: "opensync" };\n');
  const plugin = [`file://${machine.home}/.opensync/plugin.js`];
  write(".config/opencode/opencode.json", JSON.stringify({ plugin }));
  const dependencies = { "@opencode-ai/plugin": "1.18.33" };
  mkdirSync(join(machine.home, ".config/opencode/node_modules"));
  write(".config/opencode/package.json", JSON.stringify({ dependencies }));
  write(".config/opencode/package-lock.json", JSON.stringify({ packages: { "": { dependencies } } }));
  chmodSync(write("bin/opencode", "#!/bin/sh\necho 1.18.33\n"), 0o755);
  // The plugin has sent the one session that there is.
  write(".opensync/state/opencode.json", JSON.stringify({ sinceMs: TEST_NOW_MS, sessions: {} }));
}

const run = (server = health(TEST_NOW_MS), options: { isTerminal?: boolean } = {}) =>
  machine.run(["doctor"], {
    server,
    env: { ...store.env, PATH: `${machine.home}/bin:/bin:/usr/bin` },
    terminal: createTestTerminal(options),
  });

test("everything that is right is told, in the order in which a session travels", async () => {
  setUp();
  expect(await run()).toMatchObject({
    exitCode: 0,
    stderr: "",
    stdout: [
      "credentials\tok\t~/.opensync/credentials.json\t",
      "settings\tok\tsecrets are masked, 0 folders excluded\t",
      "notes\tok\t~/.opensync/state\t",
      "plugin\tok\t~/.opensync/plugin.js\t",
      "registration\tok\t~/.config/opencode/opencode.json names the plugin\t",
      "once\tok\tthe plugin is in no folder that OpenCode loads by itself, and in no project's list\t",
      "package\tok\t@opencode-ai/plugin is installed\t",
      "opencode\tok\tversion 1.18.33\t",
      "store\tok\t1 session of OpenCode\t",
      `server\tok\t${TEST_URL} answers (version ${VERSION})\t`,
      `version\tok\tserver and plugin are ${VERSION}\t`,
      "key\tok\tthe server takes it, to send\t",
      "clock\tok\tas the server's\t",
      "backlog\tok\tnothing is waiting\t",
      "",
    ].join("\n"),
  });
});

test("everything that is wrong is told with a hint, and nothing that must not be pasted", async () => {
  setUp();
  chmodSync(join(machine.home, ".opensync"), 0o755);
  write(".opensync/plugin.js", "export default {");
  write(".config/opencode/plugin/copy.js", 'Symbol.for("opensync.plugin.1")');
  chmodSync(join(machine.home, "bin/opencode"), 0o644);
  rmSync(join(machine.home, ".config/opencode/node_modules"), { recursive: true });
  const lastError = { atMs: 1, message: "not stored by the server: no" };
  write(
    ".opensync/state/opencode.json",
    JSON.stringify({ sinceMs: 0, sessions: {}, lastError, rejected: { a: ["m"] } }),
  );
  const refused = [401, { error: "Invalid API key: Invalid or expired token" }] as const;
  const { exitCode, stdout } = await run({
    ...health(TEST_NOW_MS - 120_000, "1.9.0"),
    "GET /sync/sessions/list": refused,
  });
  expect(exitCode).toBe(1);
  expect(stdout).not.toContain("HOME");
  expect(stdout).not.toContain("os_0123");
  const lines = stdout.split("\n");
  const line = (name: string) => lines.find((text) => text.startsWith(`${name}\t`));
  expect(line("settings")).toBe("settings\twarning\t~/.opensync can be read by others\tRun: chmod 700 ~/.opensync");
  expect(line("plugin")).toBe(
    "plugin\tfailed\t~/.opensync/plugin.js cannot be loaded\tTo write it anew: opencode-sync login",
  );
  expect(line("once")).toContain("warning\t~/.config/opencode/plugin/copy.js is a copy of the plugin");
  expect(line("package")).toMatch(/^package\twarning\tOpenCode installs @opencode-ai\/plugin when it starts next/);
  expect(line("opencode")).toContain("warning\tthere is no opencode on the PATH");
  expect(line("version")).toContain("warning\tthe server has version 1.9.0, this program");
  expect(line("key")).toMatch(/^key\tfailed\t.*Invalid API key/);
  expect(line("clock")).toContain("warning\t120 s ahead of the server's");
  expect(line("backlog")).toBe("backlog\twarning\tthe server did not take 1 item\tnot stored by the server: no");
});

test("a machine that is not signed in, for a person", async () => {
  writeFileSync(join(machine.home, ".opensync/credentials.json"), "{}");
  const { exitCode, stdout } = await run({}, { isTerminal: true });
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    [
      "failed   credentials   this machine is not signed in",
      "                       Run: opencode-sync login",
      "",
    ].join("\n"),
  );
  expect(stdout).toMatch(/^failed {3}backlog/m);
});

test("notes that cannot be written are told, and everything else is looked at all the same", async () => {
  setUp();
  rmSync(join(machine.home, ".opensync/state"), { recursive: true });
  write(".opensync/state", "a file in the place of the folder");
  const { exitCode, stdout } = await run();
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^notes\tfailed\t~\/\.opensync\/state cannot be written: .*\tSee that it is a folder, /m);
  expect(stdout).toMatch(/^clock\tok\t/m);
});

test("a folder of ours that cannot even be made is told", async () => {
  setUp();
  const env = { OPENSYNC_HOME: join(write("taken", "a file where a folder should be"), "opensync"), PATH: "/bin" };
  const { stdout } = await machine.run(["doctor"], { server: health(TEST_NOW_MS), env });
  expect(stdout).toMatch(/^notes\tfailed\t~\/taken\/opensync\/state cannot be written: ENOTDIR/m);
});

test("the form of the plugin for an OpenCode before 1.14 is one that can be loaded", async () => {
  setUp();
  const text = "var plugin = { id: 'opensync', server: () => ({}) };\n";
  write("package/plugin.js", `${text}export { plugin as default };\n`);
  write(".opensync/plugin.js", `${text}export default (input) => plugin.server(input);\n`);
  chmodSync(write("bin/opencode", "#!/bin/sh\necho 1.2.27\n"), 0o755);
  const { exitCode, stdout } = await run();
  expect(stdout).toContain("\nplugin\tok\t~/.opensync/plugin.js\t\n");
  expect(exitCode).toBe(0);
});

test("a way to the server that others can read is told", async () => {
  setUp();
  const env = { ...store.env, OPENSYNC_URL: "http://box.lan", PATH: `${machine.home}/bin:/bin:/usr/bin` };
  const { stdout, exitCode } = await machine.run(["doctor"], { server: health(TEST_NOW_MS), env });
  expect(stdout).toMatch(
    /^server\twarning\thttp:\/\/box\.lan answers \(version .*\), not encrypted\tOthers on the way/m,
  );
  expect(exitCode).toBe(0);
});

test("an OpenCode of 2.x is said to be untested", async () => {
  setUp();
  chmodSync(write("bin/opencode", "#!/bin/sh\necho 2.0.3\n"), 0o755);
  expect((await run()).stdout).toContain(
    "\nopencode\twarning\tversion 2.0.3: what it stores is read as 2.x documents it, untested with a real one\t" +
      "See that all is there: opencode-sync verify --deep\n",
  );
});

test("nothing is wrong where watch is at work in the place of the plugin, and while it is", async () => {
  setUp();
  write(".config/opencode/opencode.json", "{}");
  const lock = await tryLock(join(machine.home, ".opensync/state/watch.lock"));
  const working = await run();
  expect(working.stdout).toContain(
    "\nregistration\tok\t~/.config/opencode/opencode.json does not name the plugin; opencode-sync watch is at work instead\t\n",
  );
  expect(working.stdout).toContain("\npackage\tok\tOpenCode waits for nothing of ours\t\n");
  expect(working.exitCode).toBe(0);
  lock?.release();
  const ended = await run();
  expect(ended.stdout).toMatch(/^registration\tfailed\t.*\tRun: opencode-sync login --register$/m);
  expect(ended.exitCode).toBe(1);
});

test.each([
  [
    "a copy in the folder of the project",
    ".opencode/plugins/opensync.ts",
    "opensync.plugin.1",
    "is a copy of the plugin",
  ],
  [
    "an entry of version 1",
    "opencode.jsonc",
    '{"plugin": ["opencode-sync-plugin@0.3.6"]} // old',
    "names the plugin too",
  ],
  [
    "an entry in its .opencode",
    ".opencode/opencode.json",
    '{"plugin": ["opencode-sync-plugin"]}',
    "names the plugin too",
  ],
])("%s is found from a folder below it", async (_, path, text, told) => {
  setUp();
  mkdirSync(join(machine.home, ".git"));
  write(path, text);
  expect((await run()).stdout).toContain(`\nonce\twarning\t~/${path} ${told}\t`);
});

test.each([
  ["sync", [403, { error: "no" }], "ok\tthe server takes it, to send\t"],
  ["full", [200, { sessions: [] }], "warning\tthe server takes it, to send and also to read everything\tAgents can"],
  ["unknown", [404, { error: "no" }], "ok\tthe server takes it\t"],
] as const)("a key of scope %s", async (_scope, answer, told) => {
  setUp();
  const { stdout } = await run({ ...health(TEST_NOW_MS), "GET /api/sessions": answer });
  expect(stdout).toContain(`\nkey\t${told}`);
});
