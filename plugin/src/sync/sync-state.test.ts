import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countRejected, noteRejected, readState, type SyncState, saveState } from "./sync-state.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-state-"));
  file = join(folder, "state", "agent.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("without a file the state begins where it is told to", async () => {
  expect(await readState(file, 42)).toEqual({ sinceMs: 42, sessions: {} });
});

test.each(["", "{half", "[]", '{"sinceMs":"x","sessions":{}}'])("a damaged file counts as none: %j", async (text) => {
  await saveState(file, { sinceMs: 1, sessions: {} });
  writeFileSync(file, text);
  expect(await readState(file, 42)).toEqual({ sinceMs: 42, sessions: {} });
});

test("what is saved is read again, by nobody but the owner", async () => {
  const state = {
    sinceMs: 1,
    sessions: { a: 5 },
    lastSuccessAtMs: 9,
    lastError: { atMs: 8, message: "m" },
    rejected: { a: ["m1", "m2"] },
  };
  await saveState(file, state);
  expect(await readState(file, 0)).toEqual(state);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "state")).mode & 0o777).toBe(0o700);
});

test("two processes keep each other's sessions, and the later moment of each", async () => {
  await saveState(file, { sinceMs: 1, sessions: { a: 5, b: 5 } });
  await saveState(file, { sinceMs: 0, sessions: { a: 4, c: 7 } });
  expect(await readState(file, 0)).toEqual({ sinceMs: 1, sessions: { a: 5, b: 5, c: 7 } });
});

test("sessions from before the beginning are not kept", async () => {
  await saveState(file, { sinceMs: 10, sessions: { a: 10, b: 11 } });
  expect((await readState(file, 0)).sessions).toEqual({ b: 11 });
});

test("the oldest sessions go when there are too many, and the beginning moves on to them", async () => {
  const sessions = Object.fromEntries(Array.from({ length: 2_003 }, (_, i) => [`s${i}`, 1_000 + i]));
  await saveState(file, { sinceMs: 1, sessions });
  const state = await readState(file, 0);
  expect(Object.keys(state.sessions)).toHaveLength(2_000);
  expect(state.sinceMs).toBe(1_002);
  expect(state.sessions["s3"]).toBe(1_003);
});

test("what was refused counts until the server takes it, whichever process that is told to", async () => {
  const first: SyncState = { sinceMs: 0, sessions: {} };
  const refuse = (externalId: string | undefined) => ({ externalId, reason: "no" });
  noteRejected(first, "a", { messages: new Set(["m3"]), rejected: [refuse("m1"), refuse("m2")] });
  noteRejected(first, "b", { messages: new Set(), rejected: [refuse(undefined)] });
  await saveState(file, first);
  expect(countRejected(await readState(file, 0))).toBe(3);

  const second: SyncState = { ...(await readState(file, 0)) };
  noteRejected(second, "a", { messages: new Set(["m1"]), rejected: [] });
  noteRejected(second, "b", { messages: new Set(), rejected: [] });
  await saveState(file, second);
  expect((await readState(file, 0)).rejected).toEqual({ a: ["m2"] });

  // One that has not looked at a session leaves its entry alone.
  await saveState(file, { sinceMs: 0, sessions: {}, rejected: {} });
  expect((await readState(file, 0)).rejected).toEqual({ a: ["m2"] });
});
