import { renameSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openCode } from "../sources/opencode/index.ts";
import { copyFixtureStore, type FixtureStore } from "../testing/opencode-fixture.ts";
import { watchStore } from "./watch.ts";

/** The recorded session, whose last change was days before the watch begins. */
const SESSION = "ses_e046c67a0ffeW6BFHzJ2hcFVlb";
const HOUR_MS = 3_600_000;

let store: FixtureStore;
let stop: AbortController;
let watching: Promise<void>;
let touched: string[];
let revisited: { sessionId: string; atMs: number }[];
let rounds: number;
let finishes: number;

beforeEach(() => {
  store = copyFixtureStore("1.15.13");
  stop = new AbortController();
  touched = [];
  revisited = [];
  rounds = 0;
  finishes = 0;
});

afterEach(async () => {
  stop.abort();
  await watching;
  store.remove();
});

/** Watches as if everything in the store had been sent before. */
function watch(pausedUntilMs = 0): void {
  const live = {
    touch: (sessionId: string) => void touched.push(sessionId),
    revisit: (sessionId: string) => void revisited.push({ sessionId, atMs: Date.now() }),
    finish: async () => {
      finishes++;
      return true;
    },
  };
  const settings = { redaction: true, patterns: [], excluded: [], pausedUntilMs };
  watching = watchStore(
    {
      source: openCode,
      env: store.env,
      live,
      settings: async () => settings,
      state: async () => ({ sinceMs: Date.now(), sessions: {} }),
      onRound: async () => void rounds++,
      now: Date.now,
    },
    stop.signal,
  );
}

function change(sql: string, ...values: (string | number)[]): void {
  const database = new DatabaseSync(store.file, { timeout: 5_000 });
  database.prepare(sql).run(...values);
  database.close();
}

const WAIT = { timeout: 20_000 };

test("what is archived, un-archived or removed long after the last change is found, and is nobody's work of now", async () => {
  watch();
  await vi.waitFor(() => expect(rounds).toBe(1), WAIT);
  expect(revisited).toEqual([]);
  const changes = [
    () => change("UPDATE session SET time_archived = 1795000000000 WHERE id = ?", SESSION),
    () => change("UPDATE session SET time_archived = NULL WHERE id = ?", SESSION),
    () => change("DELETE FROM message WHERE id = (SELECT max(id) FROM message WHERE session_id = ?)", SESSION),
    // Since 1.17 each change has a number, also one of a part.
    () => change("INSERT INTO event_sequence (aggregate_id, seq) VALUES (?, 7)", SESSION),
    () => change("UPDATE event_sequence SET seq = 8 WHERE aggregate_id = ?", SESSION),
  ];
  for (const [index, make] of changes.entries()) {
    make();
    await vi.waitFor(() => expect(revisited).toHaveLength(index + 1), WAIT);
  }
  expect(new Set(revisited.map(({ sessionId }) => sessionId))).toEqual(new Set([SESSION]));
  expect(touched).toEqual([]);
}, 60_000);

test("a session that changes is somebody's work of now", async () => {
  watch();
  await vi.waitFor(() => expect(rounds).toBe(1), WAIT);
  change("UPDATE session SET time_updated = ? WHERE id = ?", Date.now(), SESSION);
  await vi.waitFor(() => expect(touched).toContain(SESSION), WAIT);
}, 60_000);

test("a pause holds until it is over", async () => {
  change("UPDATE session SET time_updated = ? WHERE id = ?", Date.now() + HOUR_MS, SESSION);
  const pausedUntilMs = Date.now() + 1_500;
  watch(pausedUntilMs);
  await vi.waitFor(() => expect(revisited).not.toEqual([]), WAIT);
  expect(revisited[0]?.atMs).toBeGreaterThanOrEqual(pausedUntilMs);
}, 60_000);

test("a machine on which the agent has not been started yet has nothing to send, until it is", async () => {
  const folder = dirname(store.file);
  renameSync(folder, `${folder}-away`);
  watch();
  await vi.waitFor(() => expect(rounds).toBe(1), WAIT);
  expect(finishes).toBe(0);
  renameSync(`${folder}-away`, folder);
  await vi.waitFor(() => expect(finishes).toBeGreaterThan(0), WAIT);
}, 60_000);
