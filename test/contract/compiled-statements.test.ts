import { expect, test } from "vitest";
import { push } from "../support/push.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { administrator } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// The statements of ingest stay compiled on the writing connection. What changes around them must not disturb them.

const server = sharedServer();
const ann = sharedAccount(server);

const request = (number: number) => ({
  sessions: [{ externalId: `s${number}`, title: `title ${number}`, hash: 5, updatedAt: 7 }],
  messages: [
    { sessionExternalId: `s${number}`, externalId: "m", role: "user", textContent: "hi", hash: 5, updatedAt: 7 },
  ],
});

const stored = { sessions: 1, messages: 1 };

test("they go on when an administrator changes the collections", async () => {
  expect((await push(server, ann.key, request(1))).changed).toEqual(stored);
  const admin = await administrator(server);
  const { fields } = await admin.collections.getOne("messages");
  await admin.collections.update("messages", { fields: [...fields, { name: "mood", type: "text" }] });
  expect((await push(server, ann.key, request(2))).changed).toEqual(stored);
  await admin.collections.update("messages", { fields });
  expect((await push(server, ann.key, request(3))).changed).toEqual(stored);
});

test("they go on after a request that failed half-way", async () => {
  const full = "SELECT RAISE(ABORT, 'database or disk is full');";
  server.change(`CREATE TRIGGER refuse AFTER UPDATE ON sessions BEGIN ${full} END`);
  await expect(push(server, ann.key, request(4))).rejects.toThrow("expected 503");
  server.change("DROP TRIGGER refuse");
  expect((await push(server, ann.key, request(4))).changed).toEqual(stored);
  expect(server.query("SELECT title FROM sessions WHERE externalId = 's4'")).toEqual([{ title: "title 4" }]);
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
});
