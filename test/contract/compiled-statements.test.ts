import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import PocketBase from "pocketbase";
import { afterAll, beforeAll, expect, test } from "vitest";
import { superuser } from "../support/pocketbase.ts";
import { push } from "../support/push.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";

// The statements of ingest stay compiled on the writing connection. What changes around them must not disturb them.

let server: TestServer;
let key = "";

beforeAll(async () => {
  server = await startServer();
  ({ key } = await createKey(server, await createUser(server)));
});

afterAll(() => server.stop());

const request = (number: number) => ({
  sessions: [{ externalId: `s${number}`, title: `title ${number}`, hash: 5, updatedAt: 7 }],
  messages: [
    { sessionExternalId: `s${number}`, externalId: "m", role: "user", textContent: "hi", hash: 5, updatedAt: 7 },
  ],
});

const stored = { sessions: 1, messages: 1 };

test("they go on when an administrator changes the collections", async () => {
  expect((await push(server, key, request(1))).changed).toEqual(stored);
  const admin = new PocketBase(server.url);
  await admin.collection("_superusers").authWithPassword(superuser.email, superuser.password);
  const { fields } = await admin.collections.getOne("messages");
  await admin.collections.update("messages", { fields: [...fields, { name: "mood", type: "text" }] });
  expect((await push(server, key, request(2))).changed).toEqual(stored);
  await admin.collections.update("messages", { fields });
  expect((await push(server, key, request(3))).changed).toEqual(stored);
});

test("they go on after a request that failed half-way", async () => {
  const beside = new DatabaseSync(join(server.dataDir, "data.db"), { timeout: 10_000 });
  try {
    const full = "SELECT RAISE(ABORT, 'database or disk is full');";
    beside.exec(`CREATE TRIGGER refuse AFTER UPDATE ON sessions BEGIN ${full} END`);
    await expect(push(server, key, request(4))).rejects.toThrow("expected 503");
    beside.exec("DROP TRIGGER refuse");
  } finally {
    beside.close();
  }
  expect((await push(server, key, request(4))).changed).toEqual(stored);
  expect(server.query("SELECT title FROM sessions WHERE externalId = 's4'")).toEqual([{ title: "title 4" }]);
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
});
