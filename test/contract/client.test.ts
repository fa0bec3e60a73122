import {
  batchAnswerSchema,
  isClientError,
  MAX_BATCH_ITEMS,
  MAX_BODY_BYTES,
  type Message,
  OpenSyncClient,
  type OpenSyncClientOptions,
  type Session,
} from "@opensync/client";
import { messageHash, sessionDigest, sessionHash } from "@opensync/client/digest";
import { beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { administrator, startServer, type TestServer } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server);
let client: OpenSyncClient;

beforeAll(() => {
  client = clientWith(ann.key);
});

/** Without patience: what fails here fails at once. */
function clientWith(apiKey: string, options: Partial<OpenSyncClientOptions> = {}): OpenSyncClient {
  return new OpenSyncClient({ url: server.url, apiKey, retry: { attempts: 1 }, ...options });
}

async function failureOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (isClientError(error)) return error;
  throw error;
}

function snapshot(session: Session, messages: readonly Message[]) {
  return {
    session: { ...session, hash: sessionHash(session) },
    messages: messages.map((message) => ({ ...message, hash: messageHash(message) })),
  };
}

const CREATED_AT = Date.UTC(2026, 10, 25, 12, 0, 0);

function conversation(externalId: string, source = "opencode") {
  const message = (id: string, text: string, at: number): Message => ({
    sessionExternalId: externalId,
    externalId: id,
    role: "user",
    textContent: text,
    parts: [{ type: "text", content: text }],
    createdAt: at,
    updatedAt: at,
  });
  return snapshot(
    { externalId, source, title: `Title of ${externalId}`, createdAt: CREATED_AT, updatedAt: CREATED_AT },
    [message("m1", "Grüße 👋", CREATED_AT), message("m2", "second", CREATED_AT + 1)],
  );
}

describe("the client on a real server", () => {
  test("reads its health and version, without a key", async () => {
    const health = await new OpenSyncClient({ url: server.url }).health();
    expect(health).toEqual({ status: "ok", timestamp: expect.any(Number), version: "2.0.0" });
  });

  test("knows that its key is good", async () => {
    await expect(client.checkKey()).resolves.toBeUndefined();
  });

  test("pushes a conversation, gets the receipt, and pushing again changes nothing", async () => {
    const { session, messages } = conversation("receipt");
    const batch = { sessions: [session], messages };
    const counts = { ok: true, sessions: 1, messages: 2, errors: [] };
    expect(await client.pushBatch(batch)).toEqual({ ...counts, changed: { sessions: 1, messages: 2 } });

    const { digests } = await client.listSessions({ digests: true });
    expect(digests?.["receipt"]).toEqual(sessionDigest(session.hash, messages));
    expect((await client.sessionMessages("receipt")).messages).toEqual({
      m1: [messages[0]?.hash, CREATED_AT],
      m2: [messages[1]?.hash, CREATED_AT + 1],
    });

    expect(await client.pushBatch(batch)).toEqual({ ...counts, changed: { sessions: 0, messages: 0 } });
  });

  test("pushes one session and one message, and gets the ids of their rows", async () => {
    const { session, messages } = conversation("single");
    const { sessionId } = await client.pushSession(session);
    const message = messages[0];
    if (message === undefined) throw new Error("a conversation has messages");
    const { messageId } = await client.pushMessage(message);
    expect(server.query("SELECT id FROM sessions WHERE externalId = 'single'")).toEqual([{ id: sessionId }]);
    expect(server.query("SELECT id FROM messages WHERE session = ?", sessionId)).toEqual([{ id: messageId }]);
  });

  test("has no messages of a session that nobody pushed", async () => {
    expect(await client.sessionMessages("never pushed")).toEqual({ messages: {}, removed: {}, session: null });
  });

  test("lists sessions page by page, and those of one agent", async () => {
    const other = clientWith((await createAccount(server)).key);
    const sessions = ["a", "b&c", "d/é", "e"].map(
      (id, index) => conversation(id, index === 1 ? "cursor" : "pi").session,
    );
    await other.pushBatch({ sessions });
    expect(await other.listSessions()).toEqual({ sessionIds: ["a", "b&c", "d/é", "e"] });
    expect(await other.listSessions({ limit: 2 })).toEqual({ sessionIds: ["a", "b&c"] });
    expect(await other.listSessions({ after: "b&c", limit: 2 })).toEqual({ sessionIds: ["d/é", "e"] });
    expect(await other.listSessions({ after: "e" })).toEqual({ sessionIds: [] });
    expect(await other.listSessions({ source: "cursor" })).toEqual({ sessionIds: ["b&c"] });
  });
});

describe("the client names what the server refuses:", () => {
  test.each([
    ["an unknown key", "os_00000000000000000000000000000000", /Invalid API key/],
    ["a key of a strange form", "sk-123", /Invalid API key format/],
  ])("%s", async (_name, key, text) => {
    const error = await failureOf(clientWith(key).checkKey());
    expect(error).toMatchObject({ name: "InvalidKeyError", status: 401 });
    expect(error.message).toMatch(text);
    expect(error.message).not.toContain(key);
  });

  test("no key", async () => {
    const error = await failureOf(new OpenSyncClient({ url: server.url }).checkKey());
    expect(error).toMatchObject({ name: "InvalidKeyError", status: 401 });
    expect(error.message).toContain("Missing Authorization header");
  });

  test("a session that was deleted on the dashboard", async () => {
    const { session } = conversation("deleted");
    const { sessionId } = await client.pushSession(session);
    const admin = await administrator(server);
    await admin.collection("sessions").update(sessionId, { deletedAt: CREATED_AT });

    const error = await failureOf(client.pushSession({ externalId: "deleted", title: "again" }));
    expect(error).toMatchObject({ name: "DeletedError", status: 410 });
    const { errors } = await client.pushBatch({ sessions: [session] });
    expect(errors).toEqual([expect.stringMatching(/^sessions\[0\] deleted: .*deleted on the dashboard/)]);
    expect((await client.listSessions({ digests: true })).deleted).toEqual(["deleted"]);
  });

  test("a malformed item, alone and in a batch that is stored without it", async () => {
    const broken: Message = JSON.parse('{"sessionExternalId":"malformed","externalId":"m1","role":"bot"}');
    const error = await failureOf(client.pushMessage(broken));
    expect(error).toMatchObject({ name: "MalformedRequestError", status: 400 });
    expect(error.message).toContain("role");

    const { messages } = conversation("malformed");
    const answer = await client.pushBatch({ messages: [broken, ...messages] });
    expect(answer).toMatchObject({ messages: 2, errors: [expect.stringMatching(/^messages\[0\] m1: role: /)] });
  });

  test("a list with one item too many", async () => {
    const sessions = Array.from({ length: MAX_BATCH_ITEMS + 1 }, (_, index) => ({ externalId: `many-${index}` }));
    const error = await failureOf(client.pushBatch({ sessions }));
    expect(error).toMatchObject({ name: "TooLargeError", status: 413 });
    expect(server.query("SELECT id FROM sessions WHERE externalId LIKE 'many-%'")).toEqual([]);
  });

  test("a body that is too large", async () => {
    const error = await failureOf(client.pushSession({ externalId: "huge", title: "x".repeat(MAX_BODY_BYTES) }));
    expect(error).toMatchObject({ name: "TooLargeError", status: 413 });
  });
});

describe("the client when the server is away", () => {
  test("says that nobody listens and what to do", async () => {
    const away = await startServer();
    await away.stop();
    const error = await failureOf(clientWith("os_any", { url: away.url }).health());
    expect(error).toMatchObject({ name: "NetworkError", code: "ECONNREFUSED", retryable: true });
    expect(error.message).toContain(away.url);
    expect(error.message).toContain("connection refused");
    expect(error.hint).toContain("Start the server");
  });

  test("stores what it pushed as soon as the server is back", async () => {
    const before = await startServer();
    const { key } = await createAccount(before);
    await before.kill();
    let after: TestServer | undefined;
    const patient = new OpenSyncClient({
      url: before.url,
      apiKey: key,
      sleep: async () => {
        after ??= await startServer({ dataDir: before.dataDir, port: Number(new URL(before.url).port) });
      },
    });
    try {
      const { session, messages } = conversation("patience");
      const answer = batchAnswerSchema.parse(await patient.pushBatch({ sessions: [session], messages }));
      expect(answer.changed).toEqual({ sessions: 1, messages: 2 });
    } finally {
      await after?.stop();
    }
  });
});
