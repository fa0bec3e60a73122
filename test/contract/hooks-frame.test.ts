import { describe, expect, test } from "vitest";
import { runScenario, testScenarios } from "../support/api-scenario.ts";
import { startProbeServer } from "../support/probe-server.ts";
import { rawExchange, statusCodes } from "../support/raw-http.ts";
import { sharedAccount, sharedKey, sharedServer } from "../support/shared.ts";

const throwing = (what: string) => `lib.guard(e, () => { ${what} });`;
const inTransaction = (what: string) => throwing(`e.app.runInTransaction((txApp) => { ${what} });`);
const addKey = `lib.execute(txApp, "INSERT INTO api_keys (id, hash) VALUES ('probe', 'probe')", {});`;

const server = sharedServer(() =>
  startProbeServer({
    "GET /probe/http-error": throwing(`throw new lib.HttpError(429, "slow down", 7);`),
    "GET /probe/mistake": throwing(`const nothing = null; nothing.name;`),
    "GET /probe/sql-mistake": throwing(`lib.execute(e.app, "DELETE FROM no_such_table", {});`),
    "GET /probe/locked": throwing(`throw new Error("database is locked (5) (SQLITE_BUSY)");`),
    "GET /probe/full-disk": throwing(`try { e.app.runInTransaction((txApp) => {
        lib.execute(txApp, "PRAGMA max_page_count = 1", {});
        lib.execute(txApp, "CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 3000) SELECT zeroblob(4096) FROM n", {});
      }) } finally { e.app.nonconcurrentDB().newQuery("PRAGMA max_page_count = 4294967294").execute() }`),
    "GET /probe/rolled-back": inTransaction(`${addKey} throw lib.gone("changed my mind");`),
    "GET /probe/written": throwing(`e.json(200, { begun: true }); throw new Error("too late");`),
    "POST /probe/body": throwing(`e.json(200, { length: lib.readBody(e).length });`),
    "GET /probe/full": throwing(`e.json(200, lib.requireKey(e, "full"));`),
    "GET /probe/sync": throwing(`e.json(200, lib.requireKey(e, "sync"));`),
    "POST /probe/touch": throwing(
      `e.app.runInTransaction((txApp) => lib.touchKey(txApp, lib.requireKey(e, "sync").keyId)); e.noContent(204);`,
    ),
    "POST /probe/signal": throwing(
      `e.app.runInTransaction((txApp) => lib.signalActivity(txApp, lib.requireKey(e, "sync").userId, Number(e.request.url.query().get("now")))); e.noContent(204);`,
    ),
  }),
);
const ann = sharedAccount(server, { device: "lap|top" });
const annsFullKey = sharedKey(server, ann, { scope: "full" });

describe("what a handler throws", () => {
  const url = (name: string) => `/probe/${name}`;
  testScenarios(server, [
    {
      name: "an HttpError is answered with its status, text and Retry-After",
      url: url("http-error"),
      status: 429,
      contains: ['{"error":"slow down"}'],
      answerHeaders: { "Retry-After": "7", "Content-Type": "application/json", "Cache-Control": "no-store" },
    },
    {
      name: "a mistake in our own code is a 500 that keeps the cause to itself",
      url: url("mistake"),
      status: 500,
      contains: ["The cause is in the server's log"],
      notContains: ["name", "null", "TypeError", "probe.js"],
    },
    {
      name: "a mistake in our own SQL is a 500, not PocketBase's 400",
      url: url("sql-mistake"),
      status: 500,
      notContains: ["no_such_table"],
    },
    {
      name: "a lock that was not let go in time is a 503 with Retry-After",
      url: url("locked"),
      status: 503,
      contains: ["Try again later"],
      answerHeaders: { "Retry-After": "5" },
    },
    {
      name: "an HttpError from inside a transaction rolls it back and reaches the client unchanged",
      url: url("rolled-back"),
      status: 410,
      contains: ["changed my mind"],
    },
    {
      name: "an answer that has begun is left as it is",
      url: url("written"),
      status: 200,
      contains: ["begun"],
      notContains: ["error"],
    },
    {
      name: "a full disk is a 503 with Retry-After",
      url: url("full-disk"),
      status: 503,
      contains: ["busy, full or damaged"],
      answerHeaders: { "Retry-After": "5" },
    },
  ]);
});

describe("a body", () => {
  const url = "/probe/body";
  const limit = 8 * 1024 * 1024;
  testScenarios(server, [
    { name: "of no bytes is empty text", method: "POST", url, status: 200, contains: ['"length":0'] },
    { name: "of exactly 8 MiB is read", url, body: "x".repeat(limit), status: 200, contains: [`${limit}`] },
    {
      name: "of one byte more is refused",
      url,
      body: "x".repeat(limit + 1),
      status: 413,
      contains: ["larger than 8 MiB: split"],
    },
    {
      name: "with gzip is refused",
      url,
      body: "x",
      headers: { "Content-Encoding": "gzip" },
      status: 415,
      contains: ["gzip is not supported"],
    },
    {
      name: "with an encoding that says none is read",
      url,
      body: "xyz",
      headers: { "Content-Encoding": "identity" },
      status: 200,
      contains: ['"length":3'],
    },
  ]);

  const post = (headers: string, body: string) => `POST ${url} HTTP/1.1\r\nHost: test\r\n${headers}\r\n\r\n${body}`;
  const chunked = (body: string) =>
    post("Transfer-Encoding: chunked", `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
  const nextRequest = "GET /health HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
  const exchange = async (request: string) =>
    statusCodes(await rawExchange(server.url, request, (answer) => statusCodes(answer).length > 1));

  test("without a length is read up to the limit, counted in bytes", async () => {
    const twoByteLetters = "\u00c3\u00a4".repeat(limit / 2);
    expect(await exchange(chunked(twoByteLetters) + nextRequest)).toEqual([200, 200]);
    expect(await exchange(chunked(`${twoByteLetters}x`) + nextRequest)).toEqual([413, 200]);
  });

  test("that was refused unread is never taken for the next request", async () => {
    const smuggled = "GET /api/health HTTP/1.1\r\nHost: test\r\n\r\n";
    for (const size of [300_000, limit + 1, 33 * 1024 * 1024]) {
      for (const path of ["/sync/batch", "/sync/no-such-route", "/no-such-route", "/api/keys"]) {
        const body = "x".repeat(size - 300_000) + smuggled.repeat(300_000 / smuggled.length + 1).slice(0, 300_000);
        const request = `POST ${path} HTTP/1.1\r\nHost: test\r\nContent-Length: ${size}\r\n\r\n${body}`;
        const answer = await rawExchange(server.url, request + nextRequest, (text) => statusCodes(text).length > 1);
        expect(answer, `${size} bytes to ${path}`).not.toContain("API is healthy");
      }
    }
  });

  test("of 9 MiB is refused on a connection that goes on working", async () => {
    const big = "x".repeat(9 * 1024 * 1024);
    const request = post(`Content-Length: ${big.length}`, big);
    expect(await exchange(request + nextRequest)).toEqual([413, 200]);
  });
});

describe("the scope of a key", () => {
  testScenarios(server, [
    {
      name: "full reaches full",
      url: "/probe/full",
      headers: annsFullKey.withKey,
      status: 200,
      contains: () => [annsFullKey.keyId],
    },
    {
      name: "full reaches sync",
      url: "/probe/sync",
      headers: annsFullKey.withKey,
      status: 200,
      contains: () => [ann.id],
    },
    {
      name: "sync reaches sync, and says its device",
      url: "/probe/sync",
      headers: ann.withKey,
      status: 200,
      contains: ['"device":"lap|top"'],
    },
    {
      name: "sync does not reach full",
      url: "/probe/full",
      headers: ann.withKey,
      status: 403,
      contains: ["scope sync, which cannot read"],
    },
  ]);

  test("does not depend on whether the key was seen a moment ago", async () => {
    for (const _ of [1, 2, 3]) {
      await runScenario(server, { url: "/probe/full", headers: ann.withKey(), status: 403 });
      await runScenario(server, {
        url: "/probe/sync",
        headers: ann.withKey(),
        status: 200,
        contains: ["lap|top"],
      });
    }
  });
});

test("the use of a key is noted once in five minutes", async () => {
  const touch = () => runScenario(server, { method: "POST", url: "/probe/touch", headers: ann.withKey(), status: 204 });
  const lastUsed = () =>
    server.query<{ lastUsedAt: number }>("SELECT lastUsedAt FROM api_keys WHERE id = ?", ann.keyId)[0]?.lastUsedAt ?? 0;
  expect(lastUsed()).toBe(0);
  const before = Date.now();
  await touch();
  const first = lastUsed();
  expect(first).toBeGreaterThanOrEqual(before);
  await touch();
  expect(lastUsed()).toBe(first);
});

test("activity is signalled once a second, also after the clock was set back", async () => {
  const signal = async (now: number) => {
    await fetch(`${server.url}/probe/signal?now=${now}`, { method: "POST", headers: ann.withKey() });
    return server.query("SELECT id, user, rev, changedAt FROM activity WHERE id = ?", ann.id)[0];
  };
  const row = (rev: number, changedAt: number) => ({ id: ann.id, user: ann.id, rev, changedAt });
  expect(await signal(1_000_000)).toEqual(row(1, 1_000_000));
  expect(await signal(1_000_999)).toEqual(row(1, 1_000_000));
  expect(await signal(1_001_000)).toEqual(row(2, 1_001_000));
  expect(await signal(900_000)).toEqual(row(3, 900_000));
});
