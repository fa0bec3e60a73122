import { describe, expect, test } from "vitest";
import { chunkItems } from "./chunk.ts";
import type { OpenSyncClientOptions } from "./client-options.ts";
import type { Message } from "./contract/message.ts";
import { isClientError } from "./errors/client-error.ts";
import { OpenSyncClient } from "./opensync-client.ts";
import { type ScriptedAnswer, type ScriptedServer, scriptedServer } from "./testing/scripted-server.ts";

const KEY = "os_secret_of_the_test";

function clientOf(server: ScriptedServer, options: Partial<OpenSyncClientOptions> = {}): OpenSyncClient {
  return new OpenSyncClient({ url: server.url, apiKey: KEY, sleep: async () => {}, ...options });
}

/** A client that believes to speak to Convex while its requests go to the test's server. */
function v1ClientOf(server: ScriptedServer): OpenSyncClient {
  return clientOf(server, {
    url: "https://happy-otter-123.convex.cloud",
    fetch: (url, init) => fetch(url.replace("https://happy-otter-123.convex.site", server.url), init),
  });
}

async function failureOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (isClientError(error)) return error;
  throw error;
}

describe("OpenSyncClient asks", () => {
  const batchAnswer = { ok: true, sessions: 1, messages: 0, errors: [], changed: { sessions: 1, messages: 0 } };
  const session = { externalId: "s1" };
  const message: Message = { sessionExternalId: "s1", externalId: "m1", role: "user" };

  test.each<
    [call: (client: OpenSyncClient) => Promise<unknown>, method: string, path: string, sent: unknown, answer: unknown]
  >([
    [(c) => c.health(), "GET", "/health", undefined, { status: "ok", timestamp: 1, version: "2.0.0" }],
    [(c) => c.pushBatch({ sessions: [session] }), "POST", "/sync/batch", { sessions: [session] }, batchAnswer],
    [(c) => c.pushSession(session), "POST", "/sync/session", session, { ok: true, sessionId: "r1" }],
    [(c) => c.pushMessage(message), "POST", "/sync/message", message, { ok: true, messageId: "r1" }],
    [(c) => c.listSessions(), "GET", "/sync/sessions/list", undefined, { sessionIds: ["a"] }],
    [
      (c) => c.listSessions({ digests: true, source: "codex-cli", after: "a&b", limit: 2 }),
      "GET",
      "/sync/sessions/list?digests=1&source=codex-cli&after=a%26b&limit=2",
      undefined,
      { sessionIds: ["c"], digests: { c: [1, 2, 0, 3] }, deleted: [] },
    ],
    [
      (c) => c.sessionMessages("a/b"),
      "GET",
      "/sync/sessions/messages?id=a%2Fb&removed=1",
      undefined,
      { messages: { m1: [1, 2] } },
    ],
  ])("%s", async (call, method, path, sent, answer) => {
    const server = await scriptedServer({ status: 200, body: answer });
    expect(await call(clientOf(server))).toEqual(answer);
    expect(server.seen).toMatchObject([{ method, path, body: sent === undefined ? "" : JSON.stringify(sent) }]);
  });

  test("about its health without showing the key", async () => {
    const server = await scriptedServer({ status: 200, body: { status: "ok", timestamp: 1 } });
    await clientOf(server).health();
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  test("whether the key is good by listing one session", async () => {
    const server = await scriptedServer({ status: 200, body: { sessionIds: [] } }, { status: 401 });
    await clientOf(server).checkKey();
    expect((await failureOf(clientOf(server).checkKey())).kind).toBe("invalid-key");
    expect(server.seen.map((request) => request.path)).toEqual([
      "/sync/sessions/list?limit=1",
      "/sync/sessions/list?limit=1",
    ]);
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test("for a chunk with exactly the JSON that was measured", async () => {
    const server = await scriptedServer({ status: 200, body: batchAnswer });
    for (const chunk of chunkItems([session], [message])) {
      if (chunk.kind === "batch") await clientOf(server).pushChunk(chunk);
    }
    expect(server.seen[0]?.body).toBe(JSON.stringify({ sessions: [session], messages: [message] }));
  });
});

describe("OpenSyncClient reports", () => {
  test.each<[name: string, answer: ScriptedAnswer, kind: string, says: RegExp]>([
    [
      "a wrong shape, with its place",
      { status: 200, body: { status: "up", timestamp: "now" } },
      "contract",
      /status: expected ok; timestamp: expected number/,
    ],
    ["JSON that is no object", { status: 200, body: [1] }, "contract", /the value: expected object/],
    ["a page of another program", { status: 200, body: "<html>hello</html>" }, "contract", /not JSON/],
    [
      "a bare redirect to a sign-in page, without its token",
      { status: 302, headers: { location: "https://login.example.com/?token=hunter2" } },
      "contract",
      /redirected to https:\/\/login\.example\.com$/,
    ],
    [
      "the words of a proxy, without its markup",
      { status: 404, body: "<html><style>b{}</style><h1>404</h1>\n<p>nginx</p></html>" },
      "not-found",
      /was answered 404: 404 nginx$/,
    ],
    ["not more than the beginning of a long page", { status: 404, body: "x".repeat(5_000) }, "not-found", /: x{200}…$/],
  ])("%s", async (_name, answer, kind, says) => {
    const server = await scriptedServer(answer);
    const error = await failureOf(clientOf(server).health());
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(says);
  });

  test("a server that is gone, and what to do", async () => {
    const server = await scriptedServer();
    await server.close();
    const error = await failureOf(clientOf(server).health());
    expect(error).toMatchObject({ name: "NetworkError", code: "ECONNREFUSED", status: undefined });
    expect(error.message).toBe(`GET /health: cannot reach ${server.url}: nobody listens there (connection refused)`);
    expect(error.hint).toContain("Start the server");
  });

  test("nothing that shows the key", async () => {
    for (const answer of [{ status: 401 }, { status: 302 }, { status: 200, body: "x" }, "drop"] as const) {
      const server = await scriptedServer(answer);
      const error = await failureOf(clientOf(server, { retry: { attempts: 1 } }).checkKey());
      expect(`${error.stack} ${error.hint} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(KEY);
    }
  });
});

describe("OpenSyncClient on a v1 server", () => {
  const message = (externalId: string): Message => ({
    sessionExternalId: "s1",
    externalId,
    role: "user",
    createdAt: 5,
    hash: 7,
  });

  test("pushes a batch item by item, with the fields that v1 knows", async () => {
    const server = await scriptedServer(
      { status: 200, body: { ok: true, sessionId: "r1" } },
      { status: 200, body: { ok: true, messageId: "r2" } },
    );
    const answer = await v1ClientOf(server).pushBatch({
      sessions: [{ externalId: "s1", device: "laptop" }],
      messages: [message("m1")],
    });
    expect(answer).toEqual({ ok: true, sessions: 1, messages: 1, errors: [] });
    expect(server.seen.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ["/sync/session", { externalId: "s1" }],
      ["/sync/message", { sessionExternalId: "s1", externalId: "m1", role: "user", createdAt: 5 }],
    ]);
  });

  test("reports the item that v1 refuses (with 500) and goes on, without repeating it", async () => {
    const server = await scriptedServer(
      { status: 500, body: { error: "ArgumentValidationError" } },
      { status: 503 },
      { status: 200, body: { ok: true, messageId: "r2" } },
    );
    const answer = await v1ClientOf(server).pushBatch({ messages: [message("m1"), message("m2")] });
    expect(answer).toMatchObject({ ok: true, messages: 1 });
    expect(answer.errors).toEqual([expect.stringMatching(/^messages\[0\] m1: .*500: ArgumentValidationError$/)]);
    expect(server.seen).toHaveLength(3);
  });

  test("stops at a failure that concerns all", async () => {
    const server = await scriptedServer({ status: 401, body: { error: "Invalid API key" } });
    const call = v1ClientOf(server).pushBatch({ messages: [message("m1"), message("m2")] });
    expect((await failureOf(call)).kind).toBe("invalid-key");
  });
});
