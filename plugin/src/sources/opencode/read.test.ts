import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Message } from "@opensync/client";
import { afterEach, describe, expect, test } from "vitest";
import { copyFixtureStore, type FixtureStore } from "../../testing/opencode-fixture.ts";
import { StoreError, type StoreReader } from "../source.ts";
import { openCode } from "./index.ts";
import { restoreMessage } from "./restore.ts";

const stores: FixtureStore[] = [];
const readers: StoreReader[] = [];

afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
  for (const store of stores.splice(0)) store.remove();
});

async function openFixture(version: "1.2.27" | "1.15.13") {
  const store = copyFixtureStore(version);
  stores.push(store);
  const reader = await openCode.open(store.env);
  readers.push(reader);
  return { store, reader };
}

async function allMessages(reader: StoreReader, id: string, only?: ReadonlySet<string>): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of reader.readMessages(id, only)) messages.push(message);
  return messages;
}

describe.each(["1.2.27", "1.15.13"] as const)("a database of %s", (version) => {
  test("every message comes back exactly as OpenCode wrote it", async () => {
    const { store, reader } = await openFixture(version);
    const database = new DatabaseSync(store.file, { readOnly: true });
    const parse = (value: unknown): unknown => JSON.parse(String(value));
    for (const { externalId } of await reader.listSessions(0)) {
      const messages = await allMessages(reader, externalId);
      const rows = database.prepare("SELECT * FROM message WHERE session_id = ? ORDER BY time_created").all(externalId);
      expect(messages.map((message) => message.externalId)).toEqual(rows.map((row) => row["id"]));
      for (const [index, row] of rows.entries()) {
        const parts = database.prepare("SELECT * FROM part WHERE message_id = ? ORDER BY id").all(String(row["id"]));
        expect(restoreMessage(messages[index] ?? expect.fail())).toEqual({
          info: parse(row["data"]),
          parts: parts.map((part) => ({ id: part["id"], data: parse(part["data"]) })),
        });
      }
    }
    database.close();
  });

  test("every column of a session is kept", async () => {
    const { store, reader } = await openFixture(version);
    const database = new DatabaseSync(store.file, { readOnly: true });
    for (const { externalId } of await reader.listSessions(0)) {
      const row = database.prepare("SELECT * FROM session WHERE id = ?").get(externalId) ?? {};
      const { meta = {} } = (await reader.readSession(externalId)) ?? {};
      const restored = Object.entries(row).map(([column]) => {
        const value = meta[column] ?? null;
        return [column, typeof value === "object" && value !== null ? JSON.stringify(value) : value];
      });
      expect(Object.fromEntries(restored)).toEqual({ ...row });
    }
    database.close();
  });
});

test("a session of 1.15 has its own totals", async () => {
  const { reader } = await openFixture("1.15.13");
  expect(await reader.readSession("ses_e046c67a0ffeW6BFHzJ2hcFVlb")).toMatchObject({
    source: "opencode",
    title: 'Mock title: "Do it "',
    projectPath: "/home/dev/oc/old/1.15.13/proj",
    projectName: "proj",
    agentVersion: "1.15.13",
    model: "mock-1",
    provider: "mock",
    tokens: { input: 16189, cacheRead: 0, cacheWrite: 0, output: 74, reasoning: 0 },
    cost: 0.049677,
    costSource: "reported",
    createdAt: 1795222116448,
    // A message changed after the session did.
    updatedAt: 1795222117307,
  });
});

test("a session of 1.2, which keeps no totals, has those of its messages", async () => {
  const { reader } = await openFixture("1.2.27");
  expect(await reader.readSession("ses_e046ca6fcffeVLsO7mdgGenyoF")).toMatchObject({
    model: "mock-1",
    provider: "mock",
    tokens: { input: 23519, output: 74 },
    cost: 0.035739 + 0.035928,
    costSource: "reported",
  });
});

test("to-do entries come in their order", async () => {
  const { store, reader } = await openFixture("1.15.13");
  const writer = new DatabaseSync(store.file);
  const id = "ses_e046c67a0ffeW6BFHzJ2hcFVlb";
  const insert = writer.prepare(
    "INSERT INTO todo (session_id, content, status, priority, position, time_created, time_updated) VALUES (?, ?, ?, ?, ?, 1, ?)",
  );
  insert.run(id, "second", "pending", "low", 1, 1795222199999);
  insert.run(id, "first", "completed", "high", 0, 1);
  writer.close();
  expect(await reader.readSession(id)).toMatchObject({
    updatedAt: 1795222199999,
    todos: [
      { content: "first", status: "completed", priority: "high" },
      { content: "second", status: "pending", priority: "low" },
    ],
  });
});

test("sessions are listed newest first, and only those that changed since", async () => {
  const { reader } = await openFixture("1.2.27");
  const all = await reader.listSessions(0);
  expect(all).toEqual([
    { externalId: "ses_e0465918fffeKGHFcvvq6LLU1R", changedAtMs: 1795222564680 },
    { externalId: "ses_e046ca6fcffeVLsO7mdgGenyoF", changedAtMs: 1795222100540 },
  ]);
  expect(await reader.listSessions(1795222100540)).toEqual(all.slice(0, 1));
  expect(await reader.lastChangeMs("ses_e046ca6fcffeVLsO7mdgGenyoF")).toBe(1795222100584);
});

test("of a few wanted messages those that exist come, oldest first", async () => {
  const { reader } = await openFixture("1.2.27");
  const wanted = new Set(["msg_1fb935a28001z4JBR7zPtJyM4Y", "gone", "msg_1fb93591c001veqPPor7viYgrr"]);
  const messages = await allMessages(reader, "ses_e046ca6fcffeVLsO7mdgGenyoF", wanted);
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  expect(await allMessages(reader, "ses_e0465918fffeKGHFcvvq6LLU1R", wanted)).toEqual([]);
});

test("a session that is not there is undefined", async () => {
  const { reader } = await openFixture("1.2.27");
  expect(await reader.readSession("ses_none")).toBeUndefined();
  expect(await reader.lastChangeMs("ses_none")).toBeUndefined();
});

test("reading goes on beside a writer and holds nothing up", async () => {
  const { store, reader } = await openFixture("1.15.13");
  const id = "ses_e046c67a0ffeW6BFHzJ2hcFVlb";
  const writer = new DatabaseSync(store.file);
  writer.exec("BEGIN IMMEDIATE; UPDATE session SET title = 'Renamed', time_updated = 1795222999999");
  expect(await reader.readSession(id)).not.toMatchObject({ title: "Renamed" });
  writer.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  expect(await reader.readSession(id)).toMatchObject({ title: "Renamed", updatedAt: 1795222999999 });
  writer.close();
});

describe("a machine", () => {
  const folder = mkdtempSync(join(tmpdir(), "opensync-no-store-"));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("without OpenCode says what to do", async () => {
    const failure = openCode.open({ XDG_DATA_HOME: folder });
    await expect(failure).rejects.toBeInstanceOf(StoreError);
    await expect(failure).rejects.toMatchObject({ hint: "Start OpenCode once: it then creates its database." });
  });

  test("whose database is something else says which file it is", async () => {
    const store = copyFixtureStore("1.2.27");
    stores.push(store);
    const writer = new DatabaseSync(store.file);
    writer.exec("PRAGMA foreign_keys = OFF; DROP TABLE part");
    writer.close();
    await expect(openCode.open(store.env)).rejects.toThrow(store.file);
  });
});
