import { expect, test } from "vitest";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// Messages that are stored already, exactly as they are sent, are passed over. Nobody must notice.

const server = sharedServer();
const ann = sharedAccount(server);

const message = (session: string, more: object = {}) => ({
  ...{ sessionExternalId: session, externalId: "m", role: "user", textContent: "first" },
  ...{ hash: 5, updatedAt: 7, ...more },
});

const stored = (session: string) =>
  server.query(
    `SELECT m.hash, m.textContent, s.source, s.device FROM messages m JOIN sessions s ON s.id = m.session
     WHERE s.externalId = ?`,
    session,
  );

test("they count as valid, beside what is new and what is wrong", async () => {
  await push(server, ann.key, { messages: [message("counted")] });
  const others = [message("counted", { externalId: "n" }), message("counted", { externalId: "o", role: "nobody" })];
  const answer = await push(server, ann.key, { messages: [message("counted"), ...others] });
  expect(answer).toMatchObject({ messages: 2, changed: { sessions: 1, messages: 1 } });
  expect(answer.errors).toEqual([expect.stringContaining("messages[2] o: role")]);
});

test("they count when there is nothing else, named twice, and beside a session", async () => {
  await push(server, ann.key, { messages: [message("alone")] });
  const session = { externalId: "alone", title: "Renamed" };
  for (const [body, expected] of [
    [{ messages: [message("alone")] }, { sessions: 0, messages: 1, changed: { sessions: 0, messages: 0 } }],
    [
      { messages: [message("alone"), message("alone")] },
      { sessions: 0, messages: 2, changed: { sessions: 0, messages: 0 } },
    ],
    [
      { sessions: [session], messages: [message("alone")] },
      { sessions: 1, messages: 1, changed: { sessions: 1, messages: 0 } },
    ],
  ] as const) {
    expect(await push(server, ann.key, body)).toMatchObject({ ...expected, errors: [] });
  }
});

test("in a list that names one twice, the last item has the last word, also when it is the stored one", async () => {
  await push(server, ann.key, { messages: [message("twice")] });
  await push(server, ann.key, { messages: [message("twice", { hash: 6, textContent: "second" }), message("twice")] });
  expect(stored("twice")).toMatchObject([{ hash: 5, textContent: "first" }]);
});

test("what they newly tell of their session is heard", async () => {
  await push(server, ann.key, { messages: [message("told")] });
  await push(server, ann.key, { messages: [message("told", { source: "pi", device: "desk" })] });
  expect(stored("told")).toMatchObject([{ source: "pi", device: "desk" }]);
});

test.for([
  ["a newer version", { updatedAt: 8 }, 1],
  ["another content", { hash: 6, textContent: "second" }, 1],
  ["more places masked", { redacted: 1 }, 1],
  ["a removal", { removedAt: 9 }, 1],
  ["an older version", { updatedAt: 6 }, 0],
] as const)("%s is no such message, or changes nothing", async ([what, more, changed]) => {
  await push(server, ann.key, { messages: [message(what)] });
  const answer = await push(server, ann.key, { messages: [message(what, more)] });
  expect(answer.changed?.messages).toBe(changed);
});

test("a text that looks like the stored hash is wrong as ever", async () => {
  await push(server, ann.key, { messages: [message("texts")] });
  const { errors } = await push(server, ann.key, { messages: [message("texts", { hash: "5" })] });
  expect(errors).toEqual([expect.stringContaining("hash: expected a number")]);
});

test("those of a deleted session are refused", async () => {
  await push(server, ann.key, { messages: [message("deleted")] });
  server.change("UPDATE sessions SET deletedAt = 1 WHERE externalId = 'deleted'");
  const { messages, errors } = await push(server, ann.key, { messages: [message("deleted")] });
  expect({ messages, errors }).toEqual({ messages: 0, errors: [expect.stringContaining("deleted on the dashboard")] });
});
