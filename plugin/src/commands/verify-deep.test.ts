import type { SessionDigest } from "@opensync/client";
import { messageHash } from "@opensync/client/digest";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestTerminal } from "../io/test-terminal.ts";
import { openCode } from "../sources/opencode/index.ts";
import { storeDigest } from "../sync/store-digest.ts";
import type { FakeAnswer } from "../testing/fake-server.ts";
import { copyFixtureStore, type FixtureStore } from "../testing/opencode-fixture.ts";
import { createTestMachine, TEST_URL, type TestMachine } from "../testing/run-command.ts";

const NEWER = "ses_e0465918fffeKGHFcvvq6LLU1R";
const OLDER = "ses_e046ca6fcffeVLsO7mdgGenyoF";

let machine: TestMachine;
let store: FixtureStore;
/** What a server has that has everything. */
let digests: Record<string, SessionDigest>;
let newer: Record<string, [hash: number, version: number]>;
beforeEach(async () => {
  machine = createTestMachine();
  store = copyFixtureStore("1.2.27");
  const reader = await openCode.open(store.env);
  digests = {};
  for (const id of [NEWER, OLDER]) digests[id] = (await storeDigest(reader, id)) ?? expect.fail();
  newer = {};
  for await (const message of reader.readMessages(NEWER)) newer[message.externalId] = [messageHash(message), 1];
  reader.close();
});
afterEach(() => {
  store.remove();
  machine.remove();
});

const list = (known: Record<string, SessionDigest>, deleted: string[] = []): Record<string, FakeAnswer> => ({
  "GET /sync/sessions/list": [200, { sessionIds: Object.keys(known), digests: known, deleted }],
});
const other = ([count, sum, unhashed, own]: SessionDigest = [0, 0, 0, 0]): SessionDigest => [
  count,
  sum - 1,
  unhashed,
  own,
];
const messages = (known: object): Record<string, FakeAnswer> => ({
  "GET /sync/sessions/messages": [200, { messages: known }],
});

test("equal digests prove everything with one request", async () => {
  const result = await machine.run(["verify", "--deep"], { server: list(digests), env: store.env });
  expect(result).toMatchObject({
    exitCode: 0,
    stdout: "",
    stderr: "The server has all of 2 sessions with 5 messages.\n",
    paths: ["/sync/sessions/list"],
  });
});

test("a missing and a changed message are named, and the way to send them", async () => {
  const [first = "", second = "", ...others] = Object.keys(newer);
  const known = Object.fromEntries(others.map((id) => [id, newer[id]]));
  const server = {
    ...list({ ...digests, [NEWER]: other(digests[NEWER]) }),
    ...messages({ ...known, [second]: [7, 1], msg_elsewhere: [8, 1] }),
  };
  const stdout = [
    `missing\t${NEWER}\t${first}\t`,
    `different\t${NEWER}\t${second}\tthe store's is newer`,
    `beyond\t${NEWER}\tmsg_elsewhere\t`,
    "",
  ].join("\n");
  expect(await machine.run(["verify", "--deep"], { server, env: store.env })).toMatchObject({
    exitCode: 1,
    stdout,
    stderr: [
      "2 missing or different on the server, of 2 sessions with 5 messages.",
      "To send it: opencode-sync sync --all",
      "Only the server has 1 more: other devices, older states.",
      "",
    ].join("\n"),
  });
  const terminal = createTestTerminal({ isTerminal: true });
  const shown = await machine.run(["verify", "--deep"], { server, env: store.env, terminal });
  expect(shown.stdout).toBe(
    [
      `missing    ${NEWER}  ${first}  `,
      `different  ${NEWER}  ${second}  the store's is newer`,
      `beyond     ${NEWER}  msg_elsewhere                   `,
      "",
    ].join("\n"),
  );
  expect(shown.stderr).toContain("\r1 of 2 sessions, 0 missing or different\r");
});

test("what only the server has, and what was deleted there on purpose, is no failure", async () => {
  const server = list({ ...digests, ses_elsewhere: [1, 1, 0, 1] }, [OLDER]);
  expect(await machine.run(["verify", "--deep"], { server, env: store.env })).toMatchObject({
    exitCode: 0,
    stdout: `deleted\t${OLDER}\t-\t\nbeyond\tses_elsewhere\t-\t\n`,
  });
});

test("one session is compared alone", async () => {
  const args = ["verify", "--deep", "--session", OLDER];
  expect(await machine.run(args, { server: list({}), env: store.env })).toMatchObject({
    exitCode: 1,
    stdout: `missing\t${OLDER}\t-\t\n`,
  });
  const nobody = await machine.run(["verify", "--deep", "--session", "ses_x"], { server: {}, env: store.env });
  expect(nobody).toMatchObject({ exitCode: 1, stdout: "" });
  expect(nobody.stderr).toContain('there is no session "ses_x" in the store of OpenCode');
});

test("a newer state on the server is settled by --force", async () => {
  const [first = ""] = Object.keys(newer);
  const server = {
    ...list({ ...digests, [NEWER]: other(digests[NEWER]) }),
    ...messages({ ...newer, [first]: [7, 9e15] }),
  };
  const { stdout, stderr } = await machine.run(["verify", "--deep"], { server, env: store.env });
  expect(stdout).toBe(`different\t${NEWER}\t${first}\tthe server's is newer\n`);
  expect(stderr).toContain("To send it: opencode-sync sync --force");
});

test("as JSON", async () => {
  const args = ["verify", "--deep", "--json", "ok,sessions,missing,differences"];
  const server = list({ [OLDER]: digests[OLDER] ?? expect.fail() });
  const { stdout } = await machine.run(args, { server, env: store.env });
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    sessions: 2,
    missing: 1,
    differences: [{ kind: "missing", sessionId: NEWER }],
  });
});

test("a server without digests proves nothing", async () => {
  const server: Record<string, FakeAnswer> = { "GET /sync/sessions/list": [200, { sessionIds: [NEWER, OLDER] }] };
  const { exitCode, stderr } = await machine.run(["verify", "--deep"], { server, env: store.env });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${TEST_URL} does not say what it has of a session`);
});

test("that is cancelled says so", async () => {
  const { CancelledError } = await import("../io/cli-errors.ts");
  const terminal = createTestTerminal({ interrupt: AbortSignal.abort(new CancelledError()) });
  const result = await machine.run(["verify", "--deep"], { server: list(digests), env: store.env, terminal });
  expect(result).toMatchObject({ exitCode: 2, stdout: "", stderr: "error: cancelled\nhint:  Nothing was changed.\n" });
});
