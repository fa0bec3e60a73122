import { messageSchema, OpenSyncClient, type SessionDigest } from "@opensync/client";
import { messageHash, sessionDigest, sessionHash } from "@opensync/client/digest";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod/mini";
import { openCode } from "../sources/opencode/index.ts";
import { StoreError, type StoreReader } from "../sources/source.ts";
import { createFakeServer, type FakeAnswer, type FakeAnswers } from "../testing/fake-server.ts";
import { fixedRedaction } from "../testing/fixed-redaction.ts";
import { copyFixtureStore, type FixtureStore } from "../testing/opencode-fixture.ts";
import { type BackfillMode, backfill } from "./backfill.ts";
import { HeldContent } from "./outbox.ts";
import { push } from "./push.ts";
import type { SyncTools } from "./sync-session.ts";

const NEWER = "ses_e0465918fffeKGHFcvvq6LLU1R";
const OLDER = "ses_e046ca6fcffeVLsO7mdgGenyoF";
const STORED: FakeAnswer = [200, { ok: true, sessions: 1, messages: 1, errors: [] }];

let store: FixtureStore;
let reader: StoreReader;
beforeEach(async () => {
  store = copyFixtureStore("1.2.27");
  reader = await openCode.open(store.env);
});
afterEach(() => {
  reader.close();
  store.remove();
});

async function run(
  mode: BackfillMode,
  answers: Readonly<Record<string, FakeAnswers>>,
  given: { tracked?: string[]; sent?: Record<string, number>; stop?: AbortSignal; reader?: StoreReader } = {},
) {
  const { fetch, requests } = createFakeServer({ "POST /sync/batch": STORED, ...answers });
  const client = new OpenSyncClient({ url: "http://box", apiKey: "os_test", fetch, retry: { attempts: 1 } });
  const noted: string[] = [];
  const tools: SyncTools = {
    push: (sessions, messages) => push(client, sessions, messages),
    redaction: fixedRedaction(),
    observe: async () => ({ device: "d" }),
    sent: {
      read: async () => new Map(Object.entries(given.sent ?? {})),
      append: async (_id, versions) => void noted.push(...versions.keys()),
    },
    held: new HeldContent(),
    now: () => NOW,
    ...(given.stop === undefined ? {} : { stop: given.stop }),
  };
  const world = { reader: given.reader ?? reader, client, source: openCode.id, tools };
  const outcomes: string[] = [];
  const entries = await reader.listSessions(0);
  for await (const { kind, externalId } of backfill(entries, mode, new Set(given.tracked), world)) {
    outcomes.push(`${kind} ${externalId}`);
  }
  const sentMessages = requests.flatMap(({ path, body }) =>
    path === "/sync/batch" ? z.object({ messages: z.array(messageSchema) }).parse(body).messages : [],
  );
  return { outcomes, paths: requests.map(({ path }) => path), messages: sentMessages, noted, requests };
}

const NOW = Date.UTC(2030, 0, 1);

async function digestOf(id: string): Promise<SessionDigest> {
  const session = (await reader.readSession(id)) ?? expect.fail();
  const messages: { hash: number }[] = [];
  for await (const message of reader.readMessages(id)) messages.push({ hash: messageHash(message) });
  return sessionDigest(sessionHash(session), messages);
}

const list = (
  digests: Readonly<Record<string, SessionDigest>>,
  deleted: string[] = [],
): Record<string, FakeAnswer> => ({
  "GET /sync/sessions/list": [200, { sessionIds: Object.keys(digests), digests, deleted }],
});

const hashes = async (id: string): Promise<Record<string, [hash: number, version: number]>> => {
  const known: Record<string, [hash: number, version: number]> = {};
  for await (const message of reader.readMessages(id)) {
    known[message.externalId] = [messageHash(message), message.updatedAt ?? 0];
  }
  return known;
};
const known = (messages: object): Record<string, FakeAnswer> => ({
  "GET /sync/sessions/messages": [200, { messages }],
});
const differing = ([count, sum, unhashed, own]: SessionDigest): SessionDigest => [count, sum - 1, unhashed, own];

test("--all sends what the server lacks, in one request each, and notes it before", async () => {
  const { outcomes, paths, noted, messages } = await run("all", list({}));
  expect(outcomes.sort()).toEqual([`sent ${NEWER}`, `sent ${OLDER}`]);
  expect(paths).toEqual(["/sync/sessions/list", "/sync/batch", "/sync/batch"]);
  expect(noted.sort()).toEqual(["", "", ...messages.map(({ externalId }) => externalId)].sort());
});

test("--all with receipts for everything asks once and sends nothing", async () => {
  const everything = list({ [NEWER]: await digestOf(NEWER), [OLDER]: await digestOf(OLDER) });
  const { outcomes, paths } = await run("all", everything);
  expect(outcomes.sort()).toEqual([`skipped ${NEWER}`, `skipped ${OLDER}`]);
  expect(paths).toEqual(["/sync/sessions/list"]);
});

test("--all sends of a session that changed only the messages that differ", async () => {
  const onServer = await hashes(NEWER);
  const [first = ""] = Object.keys(onServer);
  const before = list({ [NEWER]: differing(await digestOf(NEWER)), [OLDER]: await digestOf(OLDER) });
  const after = list({ [NEWER]: await digestOf(NEWER), [OLDER]: await digestOf(OLDER) });
  const { outcomes, messages } = await run("all", {
    "GET /sync/sessions/list": [
      before["GET /sync/sessions/list"] ?? "refused",
      after["GET /sync/sessions/list"] ?? "refused",
    ],
    ...known({ ...onServer, [first]: [1, 1] }),
  });
  expect(outcomes.sort()).toEqual([`sent ${NEWER}`, `skipped ${OLDER}`].sort());
  expect(messages.map(({ externalId }) => externalId)).toEqual([first]);
});

test("--all says of which sessions the server keeps a newer state", async () => {
  const onServer = await hashes(NEWER);
  const [first = ""] = Object.keys(onServer);
  const { outcomes } = await run("all", {
    ...list({ [NEWER]: differing(await digestOf(NEWER)), [OLDER]: await digestOf(OLDER) }),
    ...known({ ...onServer, [first]: [1, NOW * 2] }),
  });
  expect(outcomes.sort()).toEqual([`kept ${NEWER}`, `sent ${NEWER}`, `skipped ${OLDER}`].sort());
});

test("messages of another device are left alone, and those that this machine sent and has no more are removed", async () => {
  const [count, sum, unhashed, own] = await digestOf(NEWER);
  const digests = { [NEWER]: [count + 2, sum + 9, unhashed, own], [OLDER]: await digestOf(OLDER) } as const;
  const answers = {
    "GET /sync/sessions/list": [200, { sessionIds: Object.keys(digests), digests, deleted: [] }],
    ...known({ ...(await hashes(NEWER)), msg_gone: [4, 1_000], msg_elsewhere: [5, 1_000] }),
  } as const;
  const { outcomes, messages } = await run("all", answers, { sent: { msg_gone: 1_000 } });
  expect(outcomes).toContain(`sent ${NEWER}`);
  expect(messages).toEqual([
    { sessionExternalId: NEWER, externalId: "msg_gone", hash: 4, updatedAt: NOW, removedAt: NOW },
  ]);
  // Nothing is said to be gone while a part of the store cannot be read.
  const unreadable = [new StoreError({ message: "cannot read x.db", hint: "" })];
  const blind = await run("all", answers, { sent: { msg_gone: 1_000 }, reader: { ...reader, unreadable } });
  expect(blind.messages).toEqual([]);
});

test("a message that lost its newest part is sent under the version that it had", async () => {
  const onServer = await hashes(NEWER);
  const [first = ""] = Object.keys(onServer);
  const { messages } = await run(
    "all",
    {
      ...list({ [NEWER]: differing(await digestOf(NEWER)), [OLDER]: await digestOf(OLDER) }),
      ...known({ ...onServer, [first]: [1, NOW] }),
    },
    { sent: { [first]: NOW } },
  );
  expect(messages).toMatchObject([{ externalId: first, updatedAt: NOW }]);
});

test("--all leaves alone what was deleted on the dashboard", async () => {
  const { outcomes } = await run("all", list({ [NEWER]: [0, 0, 0, 0] }, [NEWER]));
  expect(outcomes.sort()).toEqual([`sent ${OLDER}`, `skipped ${NEWER}`]);
});

test("--all skips by id where the server has no digests, as version 1", async () => {
  const { outcomes } = await run("all", { "GET /sync/sessions/list": [200, { sessionIds: [OLDER] }] });
  expect(outcomes.sort()).toEqual([`sent ${NEWER}`, `skipped ${OLDER}`]);
});

test("--new asks nobody and skips what was sent before", async () => {
  const { outcomes, paths } = await run("new", {}, { tracked: [NEWER] });
  expect(outcomes.sort()).toEqual([`sent ${OLDER}`, `skipped ${NEWER}`]);
  expect(paths).toEqual(["/sync/batch"]);
});

test("--force sends everything, under versions that the server's do not exceed", async () => {
  const onServer = await hashes(NEWER);
  const [first = ""] = Object.keys(onServer);
  const digests = list({ [NEWER]: await digestOf(NEWER) });
  const answers = { ...digests, ...known({ ...onServer, [first]: [1, NOW * 2] }) };
  const { outcomes, messages, requests } = await run("force", answers, { tracked: [NEWER, OLDER] });
  expect(outcomes.sort()).toEqual([`sent ${NEWER}`, `sent ${OLDER}`]);
  expect(messages.find(({ externalId }) => externalId === first)?.updatedAt).toBe(NOW * 2);
  expect(requests.filter(({ path }) => path === "/sync/batch")).toHaveLength(2);
});

test("--force has back what was removed there and overrules a title from later, under greater versions", async () => {
  const { [NEWER]: own, ...others } = { [NEWER]: await digestOf(NEWER), [OLDER]: await digestOf(OLDER) };
  const onServer = await hashes(NEWER);
  const [removedThere = ""] = Object.keys(onServer);
  const [hash = 0] = onServer[removedThere] ?? [];
  delete onServer[removedThere];
  const answer = { messages: onServer, removed: { [removedThere]: [hash, NOW * 2] }, session: [1, NOW * 3] };
  const { messages, requests } = await run("force", {
    ...list({ [NEWER]: own, ...others }),
    "GET /sync/sessions/messages": [200, answer],
  });
  expect(messages.find(({ externalId }) => externalId === removedThere)?.updatedAt).toBe(NOW * 2 + 1);
  expect(requests.map(({ body }) => body)).toContainEqual(
    expect.objectContaining({ sessions: [expect.objectContaining({ externalId: NEWER, updatedAt: NOW * 3 })] }),
  );
});

test("a message that another device has sent after this one is not removed by this one", async () => {
  const [count, sum, unhashed, own] = await digestOf(NEWER);
  const digests: Record<string, SessionDigest> = {
    [NEWER]: [count + 1, sum + 4, unhashed, own],
    [OLDER]: await digestOf(OLDER),
  };
  const { messages } = await run(
    "all",
    { ...list(digests), ...known({ ...(await hashes(NEWER)), msg_gone: [4, 1_001] }) },
    { sent: { msg_gone: 1_000 } },
  );
  expect(messages).toEqual([]);
});

test("--force sends once more, as changed now, what the server has not taken", async () => {
  const onServer = await hashes(NEWER);
  const [removedThere = ""] = Object.keys(onServer);
  delete onServer[removedThere];
  const { messages } = await run("force", {
    ...list({ [NEWER]: differing(await digestOf(NEWER)), [OLDER]: await digestOf(OLDER) }),
    ...known(onServer),
  });
  expect(messages.at(-1)).toMatchObject({ externalId: removedThere, updatedAt: NOW });
});

test("nothing is begun after the stop", async () => {
  const { outcomes, paths } = await run("all", list({}), { stop: AbortSignal.abort() });
  expect(outcomes).toEqual([]);
  expect(paths).toEqual(["/sync/sessions/list"]);
});
