import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { testScenarios } from "../support/api-scenario.ts";
import { push } from "../support/push.ts";
import { rawExchange, statusCodes } from "../support/raw-http.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server);
const MIB = 1024 * 1024;
const message = (fields: object) => ({ sessionExternalId: "s", externalId: "m", role: "user", ...fields });
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

const NOT_JSON: readonly (readonly [what: string, body: string | Uint8Array])[] = [
  ["no body at all", ""],
  ["a word", "sessions"],
  ["JSON5", "{sessions: [{externalId: 'x'}],}"],
  ["half an object", '{"sessions":[{"externalId":"x"}'],
  ["two objects", "{}{}"],
  ["a byte order mark", "\uFEFF{}"],
  ["a raw NUL behind the object", '{"sessions":[{"externalId":"x"}]}\u0000'],
  ["a raw NUL inside a text", '{"sessions":[{"externalId":"x\u0000y"}]}'],
  ["3 MB of [", "[".repeat(3_000_000)],
  [
    "a list nested deeper than SQLite reads",
    `{"messages":[${JSON.stringify(message({})).slice(0, -1)},"meta":{"a":${nested(1001)}}}]}`,
  ],
  ["UTF-16", new Uint8Array(Buffer.from('{"sessions":[]}', "utf16le"))],
];

describe.each([
  ["/sync/session", ann.withKey, "8 MiB"],
  ["/sync/message", ann.withKey, "8 MiB"],
  ["/sync/batch", ann.withKey, "8 MiB"],
  ["/api/keys", ann.signedIn, "64 KiB"],
])("%s refuses", (url, headers, limit) => {
  const isTooLarge = (body: string | Uint8Array) => limit === "64 KiB" && body.length > 65_536;
  testScenarios(server, [
    ...NOT_JSON.map(([name, body]) => ({
      name,
      method: "POST",
      url,
      headers,
      body,
      ...(isTooLarge(body)
        ? { status: 413, contains: [`larger than ${limit}`] }
        : { status: 400, contains: ["not valid JSON"] }),
    })),
    ...["null", "[]", "5", '"text"', "true"].map((body) => ({
      name: `${body} for an object`,
      url,
      headers,
      body,
      status: 400,
      contains: ["The body must be a JSON object, got"],
    })),
    {
      name: "gzip",
      url,
      headers: () => ({ ...headers(), "Content-Encoding": "gzip" }),
      body: new Uint8Array(gzipSync('{"externalId":"x"}')),
      status: 415,
      contains: ["gzip"],
    },
    { name: "9 MiB", url, headers, body: "x".repeat(9 * MIB), status: 413, contains: [`larger than ${limit}`] },
  ]);

  test("9 MiB on a connection that goes on working", async () => {
    const fields = Object.entries({ Host: "test", ...headers(), "Content-Length": 9 * MIB });
    const head = fields.map(([name, value]) => `${name}: ${value}`).join("\r\n");
    const next = "GET /health HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    const request = `POST ${url} HTTP/1.1\r\n${head}\r\n\r\n${"x".repeat(9 * MIB)}${next}`;
    const answer = await rawExchange(server.url, request, (text) => statusCodes(text).length > 1);
    expect(statusCodes(answer)).toEqual([413, 200]);
  });
});

/** Each field that is a text, as a number: what a client sends that has mixed up its columns. */
const NUMBERS = { title: 1, source: 2, model: 3, textContent: 4, role: 5 };

describe.each([
  ["/sync/session", "source", { externalId: "s" }],
  ["/sync/message", "role", { sessionExternalId: "s", externalId: "m", role: "user" }],
])("%s refuses", (url, first, item) => {
  const refused = (name: string, body: unknown, contains: string[]) => ({
    ...{ name, url, headers: ann.withKey, body, status: 400, contains },
  });
  testScenarios(server, [
    refused("numbers for texts", { ...item, ...NUMBERS }, [`${first}: expected `, "got "]),
    refused("a number as id", { ...item, externalId: 7 }, ["externalId: expected text"]),
    refused("infinity as a time", JSON.stringify({ ...item, createdAt: 0 }).replace(":0", ":1e999"), [
      "createdAt: expected",
    ]),
    refused("infinity as a cost", JSON.stringify({ ...item, cost: 0 }).replace(":0", ":1e999"), ["cost: expected"]),
  ]);
});

describe("a batch refuses", () => {
  const url = "/sync/batch";
  const tiny = JSON.stringify({ messages: Array.from({ length: 100_000 }, () => ({})) });
  testScenarios(server, [
    {
      name: "100,000 tiny messages",
      url,
      headers: ann.withKey,
      body: tiny,
      status: 413,
      contains: ["100000 items", "split the batch"],
    },
    {
      name: "infinity, in any field of a number",
      url,
      headers: ann.withKey,
      body: `{"messages":[${["createdAt", "cost", "hash", "promptTokens"]
        .map((field) => JSON.stringify(message({ [field]: "@" })).replace('"@"', "1e999"))
        .join(",")}]}`,
      status: 200,
      contains: [
        "messages[0] m: createdAt",
        "messages[1] m: cost",
        "messages[2] m: hash",
        "messages[3] m: promptTokens",
      ],
    },
  ]);

  test("numbers for texts, each item by its own text", async () => {
    const session = { externalId: "s", title: 1 };
    const list = [message({ textContent: 4 }), message({ externalId: 7 }), message({ model: {} })];
    const answer = await push(server, ann.key, { sessions: [session], messages: list });
    expect(answer).toMatchObject({ sessions: 0, messages: 0, changed: { sessions: 0, messages: 0 } });
    expect(answer.errors).toEqual([
      "sessions[0] s: title: expected text, got 1",
      "messages[0] m: textContent: expected text, got 4",
      expect.stringMatching(/^messages\[1\].*externalId: expected text/),
      expect.stringMatching(/^messages\[2\] m: model: expected text/),
    ]);
    expect(server.query("SELECT 1 FROM sessions")).toEqual([]);
  });

  test("5,000 wrong items with a text for each", async () => {
    const answer = await push(server, ann.key, { messages: Array.from({ length: 5000 }, () => message({ role: 5 })) });
    expect(answer).toMatchObject({ messages: 0, changed: { sessions: 0, messages: 0 } });
    expect(answer.errors).toHaveLength(5000);
    expect(answer.errors.at(-1)).toContain("messages[4999] m: role: expected");
  });
});

describe("a batch takes", () => {
  test("5,000 items that all name the same message", async () => {
    const list = Array.from({ length: 5000 }, (_, index) =>
      message({ externalId: "same", textContent: `${index}`, createdAt: 1 }),
    );
    const { messages, changed } = await push(server, ann.key, { messages: list });
    expect({ messages, changed }).toEqual({ messages: 5000, changed: { sessions: 1, messages: 1 } });
    expect(server.query("SELECT textContent FROM messages WHERE externalId = 'same'")).toEqual([
      { textContent: "4999" },
    ]);
  });

  test("5,000 messages that need their texts cleaned", async () => {
    const list = Array.from({ length: 5000 }, (_, index) => message({ externalId: `${index}`, textContent: "\ud800" }));
    await push(server, ann.key, { messages: list });
    const [row] = server.query("SELECT count(*) AS n FROM messages WHERE textContent = '\uFFFD'");
    expect(row).toEqual({ n: 5000 });
  });

  test("one message of nearly 8 MiB", async () => {
    const textContent = "word ".repeat(1_600_000);
    await push(server, ann.key, { messages: [message({ externalId: "large", textContent })] });
    const [row] = server.query("SELECT length(textContent) AS n FROM messages WHERE externalId = 'large'");
    expect(row).toEqual({ n: textContent.length });
  });

  test("what looks like SQL, paths and placeholders", async () => {
    const id = `'); DROP TABLE messages; -- {:user} {{users}} [[id]] $.x "`;
    await push(server, ann.key, { messages: [message({ sessionExternalId: id, externalId: id, textContent: id })] });
    const [row] = server.query("SELECT externalId, textContent FROM messages WHERE externalId = ?", id);
    expect(row).toEqual({ externalId: id, textContent: id });
  });
});

test("after all that the server goes on, and PocketBase's own lists can be read", async () => {
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  const page = `${server.url}/api/collections/messages/records?perPage=500&fields=externalId,cost,createdAt`;
  const answer = await fetch(page, { headers: { Authorization: ann.token } });
  expect(await answer.json()).toMatchObject({ page: 1, totalItems: 5003 });
});
