import { beforeAll, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { administrator } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server);
const ben = sharedAccount(server);

/** Two sessions of two messages; the second session is a fork, so its answer is a copy of the first one's. */
const conversation = (owner: string) => ({
  sessions: ["a", "b"].map((name) => ({ externalId: `${owner}-${name}`, source: "pi" })),
  messages: ["a", "b"].flatMap((name) => [
    {
      sessionExternalId: `${owner}-${name}`,
      externalId: `1-${name}`,
      role: "user",
      textContent: "hello",
      hash: 3,
      createdAt: 1,
    },
    {
      ...{ sessionExternalId: `${owner}-${name}`, externalId: `2-${name}`, role: "assistant", hash: 5, createdAt: 2 },
      ...{ responseId: "response", tokens: { output: 7 }, cost: 0.25, costSource: "reported" },
    },
  ]),
});

beforeAll(async () => {
  await push(server, ann.key, conversation("ann"));
  await push(server, ben.key, conversation("ben"));
});

const usage = (session: string) =>
  server.query(
    `SELECT sum(u.messages) AS messages, sum(u.costNano) AS costNano FROM usage u JOIN sessions s ON s.id = u.session
     WHERE s.externalId = ? AND u.costSource <> 'copy'`,
    session,
  )[0];

test("a response counts once for each user", () => {
  expect(["ann-a", "ann-b", "ben-a", "ben-b"].map(usage)).toEqual([
    { messages: 2, costNano: 250_000_000 },
    { messages: 1, costNano: 0 },
    { messages: 2, costNano: 250_000_000 },
    { messages: 1, costNano: 0 },
  ]);
});

test("a message that an administrator changes is in digest, usage and index at once", async () => {
  const [message] = server.query<{ id: string }>(
    "SELECT id FROM messages WHERE externalId = '1-b' AND session = ?",
    server.sessionId("ben-b"),
  );
  const admin = await administrator(server);
  await admin.collection("messages").update(String(message?.id), { removedAt: 9, textContent: "unsaid" });
  const session = server.sessionId("ben-b");
  const digest = server.query("SELECT messages, hashSum FROM session_digests WHERE session = ?", session);
  expect(digest).toEqual([{ messages: 1, hashSum: 5 }]);
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
});

test("when the session with the original is deleted, its copy counts instead", async () => {
  const admin = await administrator(server);
  await admin.collection("sessions").delete(server.sessionId("ann-a"));
  expect(usage("ann-b")).toEqual({ messages: 2, costNano: 250_000_000 });
  expect(server.query("SELECT count(*) AS n FROM messages WHERE user = ?", ann.id)).toEqual([{ n: 2 }]);
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
});

test("with an account goes all that is its own, and nothing else", async () => {
  const admin = await administrator(server);
  await admin.collection("users").delete(ann.id);
  for (const table of ["sessions", "messages", "api_keys", "activity"]) {
    expect(server.query(`SELECT count(*) AS n FROM ${table} WHERE user = ?`, ann.id)).toEqual([{ n: 0 }]);
  }
  const left = server.query("SELECT session FROM usage UNION SELECT session FROM session_digests");
  expect(left).toEqual(
    expect.arrayContaining([{ session: server.sessionId("ben-a") }, { session: server.sessionId("ben-b") }]),
  );
  expect(left).toHaveLength(2);
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
});
