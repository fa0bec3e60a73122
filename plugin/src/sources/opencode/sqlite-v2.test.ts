import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MAX_FILE_DATA_CHARS, messageSchema } from "@opensync/client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collect } from "../../testing/collect.ts";
import { copyFixtureStore, type FixtureStore } from "../../testing/opencode-fixture.ts";
import type { StoreReader } from "../source.ts";
import { openCode } from "./index.ts";
import { type EntryRow, mapEntry } from "./map-entry.ts";
import { restoreEntry } from "./restore-entry.ts";

/** As documented; no database of a real 2.x has been seen. */
const SCHEMA = `
  CREATE TABLE session_v2 (
    id TEXT PRIMARY KEY, project_id TEXT NOT NULL, parent_id TEXT, slug TEXT NOT NULL, directory TEXT NOT NULL, path TEXT,
    title TEXT, version TEXT NOT NULL, metadata TEXT, cost REAL DEFAULT 0 NOT NULL, tokens_input INTEGER DEFAULT 0 NOT NULL,
    tokens_output INTEGER DEFAULT 0 NOT NULL, tokens_reasoning INTEGER DEFAULT 0 NOT NULL,
    tokens_cache_read INTEGER DEFAULT 0 NOT NULL, tokens_cache_write INTEGER DEFAULT 0 NOT NULL, revert TEXT,
    permission TEXT, agent TEXT, model TEXT, time_created INTEGER NOT NULL, time_updated INTEGER NOT NULL,
    time_archived INTEGER, fork_session_id TEXT, fork_boundary TEXT, start_directory TEXT, time_idle INTEGER);
  CREATE TABLE session_message (
    id TEXT PRIMARY KEY, session_id TEXT NOT NULL, type TEXT NOT NULL, seq INTEGER NOT NULL, time_created INTEGER NOT NULL,
    time_updated INTEGER NOT NULL, data TEXT NOT NULL);
  CREATE UNIQUE INDEX session_message_session_seq_idx ON session_message (session_id, seq);`;

const model = { id: "claude-sonnet-5", providerID: "anthropic", variant: "high" };
const png = Buffer.from("not really a picture").toString("base64");

const ENTRIES: readonly { type: string; data: object }[] = [
  { type: "agent-switched", data: { agent: "build", time: { created: 1000 } } },
  { type: "model-switched", data: { model, time: { created: 1000 } } },
  { type: "system", data: { text: "Be brief.", time: { created: 1001 } } },
  {
    type: "user",
    data: {
      text: "Fix the login",
      files: [
        { uri: "file:///a.txt", mime: "text/plain", name: "a.txt", description: "notes" },
        { data: png, mime: "image/png", name: "dot.png", mention: { text: "@dot", start: 0, end: 4 } },
        { mime: "text/plain", source: { type: "uri", uri: "file:///b.txt" } },
      ],
      agents: [{ name: "general" }],
      time: { created: 1002 },
    },
  },
  {
    type: "assistant",
    data: {
      agent: "build",
      model,
      content: [
        { type: "reasoning", id: "r1", text: "Hm.", time: { created: 1, completed: 2 } },
        { type: "text", id: "t1", text: "Looking." },
        {
          type: "tool",
          id: "call_1",
          name: "bash",
          state: {
            status: "completed",
            input: { command: "ls" },
            content: [{ type: "text", text: "a.txt" }],
            structured: { exit: 0 },
          },
          time: { created: 3, ran: 4, completed: 5 },
        },
        {
          type: "tool",
          id: "call_2",
          name: "read",
          state: { status: "error", input: {}, content: [], error: { type: "unknown", message: "no such file" } },
          time: { created: 6, completed: 7 },
        },
        {
          type: "tool",
          id: "call_3",
          name: "edit",
          state: { status: "streaming", input: '{"a":' },
          time: { created: 8 },
        },
        { type: "hologram", depth: 3 },
      ],
      snapshot: { start: "abc", end: "def" },
      finish: "tool-calls",
      cost: 0.01,
      tokens: { input: 100, output: 20, reasoning: 5, cache: { read: 30, write: 0 } },
      time: { created: 1010, completed: 1510 },
    },
  },
  {
    type: "assistant",
    data: {
      agent: "build",
      model,
      content: [],
      error: { type: "unknown", message: "overloaded" },
      time: { created: 1600 },
    },
  },
  {
    type: "shell",
    data: { callID: "sh_1", command: "make", output: "ok\n", time: { created: 1700, completed: 1800 } },
  },
  {
    type: "shell",
    data: {
      shellID: "sh_2",
      command: "make",
      output: { output: "ok", truncated: false },
      status: "running",
      time: { created: 1801 },
    },
  },
  { type: "compaction", data: { reason: "auto", summary: "## Goal", recent: "…", time: { created: 1900 } } },
  { type: "synthetic", data: { text: "<file>", sessionID: "ses_2", time: { created: 1901 } } },
  { type: "idle", data: { outcome: "succeeded", time: { created: 1902 } } },
  { type: "from-the-future", data: { wings: 2 } },
];

const rowOf = ({ type, data }: { type: string; data: object }, id = "msg_1"): EntryRow => ({
  id,
  type,
  createdAtMs: 1,
  updatedAtMs: 2000,
  data: JSON.stringify(data),
});

test.each(ENTRIES)("an entry of type $type comes back exactly, without keeping a second copy", (entry) => {
  const mapped = mapEntry("ses_2", rowOf(entry));
  expect(messageSchema.safeParse(mapped).error).toBeUndefined();
  expect(restoreEntry(mapped)).toEqual(entry);
  expect(JSON.stringify(mapped)).not.toContain('"original"');
});

test("the bytes of a large attachment stay behind, wherever they are", () => {
  const large = "A".repeat(MAX_FILE_DATA_CHARS + 4);
  const files = [
    { data: large, mime: "image/png" },
    { uri: `data:image/png;base64,${large}`, mime: "image/png" },
  ];
  const mapped = mapEntry("ses_2", rowOf({ type: "user", data: { text: "See", files, time: { created: 1 } } }));
  expect(JSON.stringify(mapped).length).toBeLessThan(2000);
  expect(mapped.parts?.slice(1).map(({ meta }) => meta?.["cut"])).toEqual([true, true]);
});

test.each([
  { type: "assistant", data: { content: "no list" } },
  { type: "assistant", data: { content: [{ type: "text" }] } },
  { type: "user", data: { text: 7 } },
  { type: "shell", data: {} },
  { type: "compaction", data: { summary: ["a"] } },
])("what the mapping does not expect comes back all the same: %j", (entry) => {
  expect(restoreEntry(mapEntry("ses_2", rowOf(entry)))).toEqual(entry);
});

describe("a database of 2.x", () => {
  let store: FixtureStore;
  let reader: StoreReader;
  beforeEach(async () => {
    store = copyFixtureStore("1.15.13");
    const database = new DatabaseSync(join(store.folder, "opencode-next.db"));
    database.exec(SCHEMA);
    const session = database.prepare(
      `INSERT INTO session_v2 (id, project_id, slug, directory, title, version, cost, tokens_input, tokens_output,
         tokens_reasoning, tokens_cache_read, model, time_created, time_updated, fork_session_id)
       VALUES (?, 'p', 'quiet-fox', '/home/dev/alpha', NULL, '2.0.3', 0.01, 100, 20, 5, 30, ?, 1000, 1500, ?)`,
    );
    session.run("ses_2", JSON.stringify(model), "ses_1");
    session.run("ses_e046c67a0ffeW6BFHzJ2hcFVlb", JSON.stringify(model), null);
    const message = database.prepare("INSERT INTO session_message VALUES (?, 'ses_2', ?, ?, 1000, ?, ?)");
    for (const [seq, { type, data }] of ENTRIES.entries()) {
      message.run(`msg_${99 - seq}`, type, seq, 1000 + seq, JSON.stringify(data));
    }
    database.close();
    reader = await openCode.open(store.env);
  });
  afterEach(() => {
    reader.close();
    store.remove();
  });

  test("has sessions with totals, a title from the prompt, and the session that they were forked from", async () => {
    expect(await reader.readSession("ses_2")).toMatchObject({
      title: "Fix the login",
      projectPath: "/home/dev/alpha",
      projectName: "alpha",
      agentVersion: "2.0.3",
      model: "claude-sonnet-5",
      provider: "anthropic",
      forkedFrom: "ses_1",
      tokens: { input: 100, cacheRead: 30, cacheWrite: 0, output: 25, reasoning: 5 },
      cost: 0.01,
      updatedAt: 1500,
    });
  });

  test("has messages in their sequence, whatever their ids", async () => {
    const messages = await collect(reader.readMessages("ses_2"));
    expect(messages.map(({ meta }) => meta?.["entry"])).toEqual(ENTRIES.map(({ type }) => type));
    expect(messages[4]).toMatchObject({
      role: "assistant",
      textContent: "Looking.",
      model: "claude-sonnet-5",
      agent: "build",
      tokens: { input: 100, cacheRead: 30, output: 25, reasoning: 5 },
      cost: 0.01,
      costSource: "reported",
      durationMs: 500,
      responseId: expect.stringMatching(/^opencode:/),
    });
    expect(messages[3]).toMatchObject({ role: "user", textContent: "Fix the login" });
    expect(await collect(reader.readMessages("ses_2", new Set(["msg_95"])))).toEqual([messages[4]]);
    expect(await reader.lastChangeMs("ses_2")).toBe(1500);
  });

  test("gives way to one of 1.x where a session went on there", async () => {
    expect(await reader.readSession("ses_e046c67a0ffeW6BFHzJ2hcFVlb")).toMatchObject({ agentVersion: "1.15.13" });
  });

  test.each([
    "UPDATE session_v2 SET time_archived = 7 WHERE id = 'ses_2'",
    "DELETE FROM session_message WHERE session_id = 'ses_2' AND seq = 0",
  ])("marks a session that changes without a time, and no other: %s", async (sql) => {
    const before = await reader.changeMarks();
    const database = new DatabaseSync(join(store.folder, "opencode-next.db"));
    database.exec(sql);
    database.close();
    const after = await reader.changeMarks();
    expect([...after].filter(([id, mark]) => before.get(id) !== mark).map(([id]) => id)).toEqual(["ses_2"]);
    expect([...after.keys()].sort()).toEqual(["ses_2", "ses_e046c67a0ffeW6BFHzJ2hcFVlb"]);
  });
});
