import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CancelledError } from "../io/cli-errors.ts";
import { createTestTerminal } from "../io/test-terminal.ts";
import { tryLock } from "../sync/one-at-a-time.ts";
import type { FakeAnswers } from "../testing/fake-server.ts";
import { copyFixtureStore, type FixtureStore } from "../testing/opencode-fixture.ts";
import { createTestMachine, TEST_URL, type TestMachine } from "../testing/run-command.ts";

const NEWER = "ses_e0465918fffeKGHFcvvq6LLU1R";
const OLDER = "ses_e046ca6fcffeVLsO7mdgGenyoF";
const EMPTY: Record<string, FakeAnswers> = {
  "GET /health": [200, { status: "ok", timestamp: 1 }],
  "GET /sync/sessions/list": [200, { sessionIds: [], digests: {}, deleted: [] }],
  "POST /sync/batch": [200, { ok: true, sessions: 1, messages: 2, errors: [] }],
};

let machine: TestMachine;
let store: FixtureStore;
beforeEach(() => {
  machine = createTestMachine();
  store = copyFixtureStore("1.2.27");
});
afterEach(() => {
  store.remove();
  machine.remove();
});

const run = (
  args: string[],
  world: { server?: Record<string, FakeAnswers>; isTerminal?: boolean; stop?: AbortSignal } = {},
) => {
  const { server = EMPTY, isTerminal = false, stop } = world;
  const terminal = createTestTerminal({ isTerminal, ...(stop === undefined ? {} : { interrupt: stop }) });
  return machine.run(["sync", ...args], { server, env: store.env, terminal });
};
const tracked = () => JSON.parse(readFileSync(join(machine.home, ".opensync/synced-sessions.json"), "utf8")).sessionIds;
const track = (...sessionIds: string[]) =>
  writeFileSync(join(machine.home, ".opensync/synced-sessions.json"), JSON.stringify({ sessionIds, lastUpdated: 1 }));

describe("what is sent", () => {
  test("--new reads version 1's file, and goes on from it", async () => {
    track(NEWER);
    const result = await run(["--new"]);
    expect(result).toMatchObject({ exitCode: 0, stdout: "1 session sent, 1 already there, 3 messages\n", stderr: "" });
    expect(tracked()).toEqual([NEWER, OLDER].sort());
  });

  test("--force forgets what was sent, also when it comes to nothing", async () => {
    track(NEWER, "ses_of_another_store");
    const result = await run(["--force"], { server: { ...EMPTY, "POST /sync/batch": [400, { error: "no" }] } });
    expect(result.exitCode).toBe(1);
    expect(tracked()).toEqual(["ses_of_another_store"]);
  });

  test("an item that is refused is told, tried again by --new, and fails the command", async () => {
    const errors = ["messages[0] m1: role: expected user"];
    const server = { ...EMPTY, "POST /sync/batch": [200, { ok: true, sessions: 1, messages: 1, errors }] } as const;
    expect(await run(["--new", "--session", NEWER], { server })).toMatchObject({
      exitCode: 1,
      stdout: "1 session sent, 0 already there, 1 message\n",
      stderr: `not stored: ${errors[0]}\n`,
    });
    expect(tracked()).toEqual([]);
    expect((await run(["--new"])).stdout).toContain("2 sessions sent, 0 already there");
  });

  test.each([
    { args: ["--session", OLDER], sent: 1 },
    { args: ["--source", "opencode"], sent: 2 },
    { args: ["--since", "2030-01-01"], sent: 0 },
    { args: ["--since", "9w"], sent: 2 },
    { args: ["--project", "/"], sent: 2 },
    { args: ["--project", "/nowhere"], sent: 0 },
  ])("$args narrows it", async ({ args, sent }) => {
    expect((await run(["--all", ...args])).stdout).toContain(`${sent} session`);
  });

  test.each([
    { args: ["--all", "--source", "x"], error: '"x" is no agent that can be read' },
    { args: ["--all", "--since", "soon"], error: '"soon" is no time' },
    { args: ["--all", "--session", "ses_x"], error: 'there is no session "ses_x" in the store' },
    { args: ["--session", NEWER], error: "which sessions are meant is said together with --new, --all or --force" },
  ])("$args is refused", async ({ args, error }) => {
    const result = await run(args);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain(`error: ${error}`);
    expect(result.paths).toEqual([]);
  });

  test("--dry-run names what would be sent, sends nothing and notes nothing", async () => {
    track("ses_of_another_store");
    const result = await run(["--force", "--dry-run"]);
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: "2 sessions to send, 0 already there, 5 messages\n",
      paths: ["/sync/sessions/list"],
    });
    expect(result.stdout.split("\n").sort()).toEqual(["", `${NEWER}\t2`, `${OLDER}\t3`].sort());
    expect(tracked()).toEqual(["ses_of_another_store"]);
  });

  test("as JSON", async () => {
    const { stdout } = await run(["--all", "--json", "sent,skipped,messages,removed,rejected,kept"]);
    expect(JSON.parse(stdout)).toEqual({ sent: 2, skipped: 0, messages: 5, removed: 0, rejected: 0, kept: 0 });
  });
});

test("on a terminal the progress is one line that is drawn over and taken away", async () => {
  const { stdout, stderr } = await run(["--all"], { isTerminal: true });
  expect(stdout).toBe("2 sessions sent, 0 already there, 5 messages\n");
  expect(stderr).toBe("\r1 of 2 sessions, 1 sent, 2 messages\r");
});

describe("that is interrupted", () => {
  test("says what is done and how to go on, and what is done stays done", async () => {
    const stop = new AbortController();
    const stopping: Record<string, FakeAnswers> = {
      ...EMPTY,
      get "POST /sync/batch"() {
        stop.abort(new CancelledError());
        return EMPTY["POST /sync/batch"] ?? "refused";
      },
    };
    const server = Object.defineProperties({}, Object.getOwnPropertyDescriptors(stopping));
    const result = await run(["--all", "--session", NEWER], { server, stop: stop.signal });
    expect(result).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: [
        "error: stopped after 1 of 1 session: 1 sent, 2 messages",
        "hint:  Run the same command again: it goes on where it stopped.",
        "",
      ].join("\n"),
    });
    expect(tracked()).toEqual([NEWER]);
  });

  test("begins nothing", async () => {
    const result = await run(["--force"], { stop: AbortSignal.abort(new CancelledError()) });
    expect(result).toMatchObject({ exitCode: 2, paths: ["/sync/sessions/list"] });
    expect(result.stderr).toContain("hint:  To go on where it stopped: opencode-sync sync --new");
  });
});

describe("while another one is at work", () => {
  const lockFile = () => join(machine.home, ".opensync/state/sync.lock");

  test("a script is told so, and sends nothing", async () => {
    const lock = await tryLock(lockFile());
    const result = await run(["--all"]);
    lock?.release();
    expect(result).toMatchObject({
      exitCode: 8,
      stdout: "",
      paths: [],
      stderr: [
        `error: another opencode-sync (process ${process.pid}) is at work on this machine`,
        "hint:  Nothing was sent by this one. Run it again when the other is done.",
        "",
      ].join("\n"),
    });
    expect((await run(["--all"])).exitCode).toBe(0);
  });

  test("a person waits for it", async () => {
    mkdirSync(join(machine.home, ".opensync/state"), { recursive: true });
    const lock = await tryLock(lockFile());
    const waiting = run(["--all"], { isTerminal: true });
    setImmediate(() => lock?.release());
    expect(await waiting).toMatchObject({ exitCode: 0, stdout: "2 sessions sent, 0 already there, 5 messages\n" });
  });
});

describe("sync", () => {
  test("alone sends one marked test session without messages", async () => {
    const result = await run([]);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: "1 session sent, 0 already there, 0 messages\n",
      stderr: `The server took the test session "Connection test of workstation": ${TEST_URL}\n`,
    });
    expect(result.requests.at(-1)?.body).toMatchObject({
      sessions: [{ externalId: "opensync-test-workstation", source: "opensync", meta: { isTest: true } }],
      messages: [],
    });
  });

  test("--new remembers what it sent", async () => {
    const first = await run(["--new"]);
    const second = await run(["--new"], { server: {} });
    expect(first).toMatchObject({ exitCode: 0, stdout: "2 sessions sent, 0 already there, 5 messages\n" });
    expect(second).toMatchObject({
      exitCode: 0,
      stdout: "0 sessions sent, 2 already there, 0 messages\n",
      requests: [],
    });
  });

  test("that cannot finish says so by its exit code and how to go on", async () => {
    const result = await run(["--new"], { server: { "POST /sync/batch": [503, { error: "full" }] } });
    expect(result.exitCode).toBe(8);
    expect(result.stderr).toContain("hint:  Run the same command again: it goes on where it stopped.");
  });

  test("takes one of its three ways only", async () => {
    expect(await run(["--new", "--all"])).toMatchObject({
      exitCode: 1,
      stderr: "error: --new, --all and --force exclude each other\nhint:  See: opencode-sync sync --help\n",
    });
  });
});
