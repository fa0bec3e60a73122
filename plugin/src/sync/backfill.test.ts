import { OpenSyncClient, type SessionDigest } from "@opensync/client";
import { messageHash, sessionDigest, sessionHash } from "@opensync/client/digest";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCode } from "../sources/opencode/index.ts";
import type { StoreReader } from "../sources/source.ts";
import { createFakeServer, type FakeAnswer } from "../testing/fake-server.ts";
import { fixedRedaction } from "../testing/fixed-redaction.ts";
import { copyFixtureStore, type FixtureStore } from "../testing/opencode-fixture.ts";
import { type BackfillMode, backfill } from "./backfill.ts";

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
  answers: Record<string, FakeAnswer>,
  tracked: string[] = [],
  url = "http://box",
) {
  const { fetch, requests } = createFakeServer({ "POST /sync/batch": STORED, ...answers });
  const client = new OpenSyncClient({ url, apiKey: "os_test", fetch, retry: { attempts: 1 } });
  const tools = { client, redaction: fixedRedaction(), observe: async () => ({ device: "d" }), now: () => 0 };
  const outcomes: string[] = [];
  for await (const { kind, externalId } of backfill(reader, openCode.id, mode, new Set(tracked), tools)) {
    outcomes.push(`${kind} ${externalId}`);
  }
  return { outcomes, paths: requests.map(({ path }) => path) };
}

async function digestOf(id: string): Promise<SessionDigest> {
  const session = (await reader.readSession(id)) ?? expect.fail();
  const messages: { hash: number }[] = [];
  for await (const message of reader.readMessages(id)) messages.push({ hash: messageHash(message) });
  return sessionDigest(sessionHash(session), messages);
}

const list = (digests: Record<string, SessionDigest>, deleted: string[] = []): Record<string, FakeAnswer> => ({
  "GET /sync/sessions/list": [200, { sessionIds: Object.keys(digests), digests, deleted }],
});

test("--all sends what the server lacks, newest first, in one request each", async () => {
  const { outcomes, paths } = await run("all", list({}));
  expect(outcomes).toEqual([`sent ${NEWER}`, `sent ${OLDER}`]);
  expect(paths).toEqual(["/sync/sessions/list", "/sync/batch", "/sync/batch"]);
});

test("--all with receipts for everything asks once and sends nothing", async () => {
  const { outcomes, paths } = await run(
    "all",
    list({ [NEWER]: await digestOf(NEWER), [OLDER]: await digestOf(OLDER) }),
  );
  expect(outcomes).toEqual([`skipped ${NEWER}`, `skipped ${OLDER}`]);
  expect(paths).toEqual(["/sync/sessions/list"]);
});

test("--all compares a session that changed message by message", async () => {
  const [count, sum, unhashed, own] = await digestOf(NEWER);
  const { outcomes, paths } = await run("all", {
    ...list({ [NEWER]: [count, sum - 1, unhashed, own], [OLDER]: await digestOf(OLDER) }),
    "GET /sync/sessions/messages": [200, { messages: {} }],
  });
  expect(outcomes).toEqual([`sent ${NEWER}`, `skipped ${OLDER}`]);
  expect(paths).toEqual(["/sync/sessions/list", "/sync/sessions/messages", "/sync/batch"]);
});

test("--all leaves alone what was deleted on the dashboard", async () => {
  const { outcomes } = await run("all", list({ [NEWER]: [0, 0, 0, 0] }, [NEWER]));
  expect(outcomes).toEqual([`skipped ${NEWER}`, `sent ${OLDER}`]);
});

test("--all skips by id where the server has no digests, as version 1", async () => {
  const { outcomes } = await run("all", { "GET /sync/sessions/list": [200, { sessionIds: [OLDER] }] });
  expect(outcomes).toEqual([`sent ${NEWER}`, `skipped ${OLDER}`]);
});

test("--new asks nobody and skips what was sent before", async () => {
  const { outcomes, paths } = await run("new", {}, [NEWER]);
  expect(outcomes).toEqual([`skipped ${NEWER}`, `sent ${OLDER}`]);
  expect(paths).toEqual(["/sync/batch"]);
});

test("--force sends everything", async () => {
  const { outcomes } = await run("force", {}, [NEWER, OLDER]);
  expect(outcomes).toEqual([`sent ${NEWER}`, `sent ${OLDER}`]);
});
