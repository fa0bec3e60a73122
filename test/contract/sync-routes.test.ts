import { describe, expect, test } from "vitest";
import { runScenario, testScenarios } from "../support/api-scenario.ts";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server, { device: "laptop" });

const ROUTES = [
  { method: "POST", url: "/sync/session", body: { externalId: "s" } },
  { method: "POST", url: "/sync/message", body: { sessionExternalId: "s", externalId: "m", role: "user" } },
  { method: "POST", url: "/sync/batch", body: { sessions: [{ externalId: "s" }] } },
  { method: "GET", url: "/sync/sessions/list" },
  { method: "GET", url: "/sync/sessions/messages?id=s" },
];

describe.each(ROUTES)("$method $url", (route) => {
  const unknownKey = `os_${"x".repeat(43)}`;
  testScenarios(server, [
    { ...route, name: "refuses no key", status: 401, contains: ["Missing Authorization header"] },
    {
      ...route,
      name: "refuses a key of a strange form",
      headers: { Authorization: "Bearer sk-abc" },
      status: 401,
      contains: ["Invalid API key format"],
    },
    {
      ...route,
      name: "refuses an unknown key",
      headers: { Authorization: `Bearer ${unknownKey}` },
      status: 401,
      contains: ["Invalid API key", "Invalid or expired token"],
      notContains: [unknownKey],
    },
    { ...route, name: "refuses PocketBase's own token", headers: () => ({ Authorization: ann.token }), status: 401 },
    { ...route, name: "tells browsers what it allows", method: "OPTIONS", status: 204 },
  ]);
});

describe("POST /sync/session", () => {
  const url = "/sync/session";
  testScenarios(server, [
    {
      name: "stores a session",
      url,
      headers: ann.withKey,
      body: { externalId: "one", title: "One" },
      status: 200,
      contains: ['"ok":true', '"sessionId":"'],
      rows: { sessions: 1, activity: 1 },
    },
    { name: "again, it is there", url, headers: ann.withKey, body: { sessionId: "one", title: "One" }, status: 200 },
    {
      name: "takes a slash at the end and the first version's prefix",
      url: "/convex.site/sync/session/",
      headers: ann.withKey,
      body: { externalId: "two", unknown: { anything: [] } },
      status: 200,
      rows: { sessions: 1 },
    },
    {
      name: "needs an id",
      url,
      headers: ann.withKey,
      body: { title: "T", externalId: "" },
      status: 400,
      contains: ['{"error":"Missing externalId or sessionId"}'],
    },
    {
      name: "names the field that is wrong",
      url,
      headers: ann.withKey,
      body: { externalId: "three", cost: "much" },
      status: 400,
      contains: ["cost: expected a number of USD from 0 to 1000000, got", "much"],
    },
    {
      name: "takes an object only",
      url,
      headers: ann.withKey,
      body: "[1]",
      status: 400,
      contains: ["JSON object, got array"],
    },
  ]);
});

describe("POST /sync/message", () => {
  const url = "/sync/message";
  testScenarios(server, [
    {
      name: "stores a message and makes its session",
      url,
      headers: ann.withKey,
      body: { sessionExternalId: "early", externalId: "m1", role: "user", textContent: "hi", createdAt: 5000 },
      status: 200,
      contains: ['"ok":true', '"messageId":"'],
      rows: { sessions: 1, messages: 1 },
    },
    {
      name: "the same id in another session is another message",
      url,
      headers: ann.withKey,
      body: { sessionExternalId: "one", externalId: "m1", role: "user" },
      status: 200,
      rows: { messages: 1 },
    },
    {
      name: "an update needs no role",
      url,
      headers: ann.withKey,
      body: { sessionExternalId: "early", externalId: "m1", textContent: "ho" },
      status: 200,
    },
    {
      name: "a new message needs a role, and makes no session without one",
      url,
      headers: ann.withKey,
      body: { sessionExternalId: "never", externalId: "m1" },
      status: 400,
      contains: ["role: required when a message is sent for the first time"],
    },
    {
      name: "knows the roles",
      url,
      headers: ann.withKey,
      body: { sessionExternalId: "early", externalId: "m2", role: "bot" },
      status: 400,
      contains: ['role: expected user, assistant, system, tool or unknown, got \\"bot\\"'],
    },
    {
      name: "needs a session",
      url,
      headers: ann.withKey,
      body: { externalId: "m1" },
      status: 400,
      contains: ["sessionExternalId"],
    },
  ]);
});

describe("POST /sync/batch", () => {
  const url = "/sync/batch";
  const answer = (value: object) => [JSON.stringify(value).slice(1, -1)];
  const message = { sessionExternalId: "batch", externalId: "b1", role: "user" };
  testScenarios(server, [
    {
      name: "takes nothing",
      url,
      headers: ann.withKey,
      body: {},
      status: 200,
      contains: answer({ ok: true, sessions: 0, messages: 0, errors: [], changed: { sessions: 0, messages: 0 } }),
    },
    { name: "takes null for a list", url, headers: ann.withKey, body: { sessions: null, messages: [] }, status: 200 },
    {
      name: "stores what is valid and names what is not",
      url,
      headers: ann.withKey,
      body: {
        sessions: [{ externalId: "batch", title: "B" }, 5, { externalId: "bad", tokens: { input: -1 } }],
        messages: [
          message,
          { ...message, externalId: "b2", parts: [{ type: "text" }] },
          { ...message, externalId: "b3", role: "bot" },
        ],
      },
      status: 200,
      contains: [
        '"changed":{"sessions":1,"messages":1}',
        '"ok":true,"sessions":1,"messages":1',
        "sessions[1]: expected an object",
        "sessions[2] bad: tokens.input: expected a number from 0 to 9007199254740991, got -1",
        "messages[1] b2: parts[0]: expected an object {type: text, content, id?: text, meta?: object}",
        'messages[2] b3: role: expected user, assistant, system, tool or unknown, got \\"bot\\"',
      ],
      notContains: ["messages[0]", "sessions[0]"],
      rows: { sessions: 1, messages: 1 },
    },
    {
      name: "a role earlier in the list is enough, one that comes later is not",
      url,
      headers: ann.withKey,
      body: {
        messages: [
          { ...message, externalId: "b5", role: null },
          ...["user", null].map((role) => ({ ...message, externalId: "b4", role })),
          { ...message, externalId: "b5" },
        ],
      },
      status: 200,
      contains: ["messages[0] b5: role: required", '"messages":3,'],
      notContains: ["b4"],
      rows: { messages: 2 },
    },
    {
      name: "an id of a session that only a refused message names is not made",
      url,
      headers: ann.withKey,
      body: { messages: [{ ...message, sessionExternalId: "ghost", role: "bot" }] },
      status: 200,
      contains: ["messages[0] b1: role"],
    },
    {
      name: "wants lists",
      url,
      headers: ann.withKey,
      body: { messages: {} },
      status: 400,
      contains: ["messages: expected a list, got object"],
    },
    {
      name: "wants an object",
      url,
      headers: ann.withKey,
      body: "null",
      status: 400,
      contains: ["JSON object, got null"],
    },
  ]);

  test("counts distinct rows, though a list names one twice", async () => {
    const twice = ["x", "y"].map((textContent) => ({ ...message, externalId: "twice", textContent }));
    const { messages, changed } = await push(server, ann.key, {
      messages: [...twice, { ...message, externalId: "once" }],
    });
    expect({ messages, changed }).toEqual({ messages: 3, changed: { sessions: 1, messages: 2 } });
  });

  test("a session that only messages speak of is guessed from them, until it speaks for itself", async () => {
    const of = { sessionExternalId: "guessed", role: "user", source: "pi", device: "desk" };
    await push(server, ann.key, { messages: [{ ...of, externalId: "g2", createdAt: 2000, model: "late" }] });
    await push(server, ann.key, { messages: [{ ...of, externalId: "g1", createdAt: 1000, model: "early" }] });
    const row = () => server.query("SELECT * FROM sessions WHERE externalId = 'guessed'")[0];
    expect(row()).toMatchObject({
      source: "pi",
      device: "desk",
      model: "late",
      createdAt: 1000,
      updatedAt: 2000,
      messageCount: 2,
    });
    await push(server, ann.key, {
      sessions: [{ externalId: "guessed", source: "codex-cli", model: "own", createdAt: 3000 }],
    });
    expect(row()).toMatchObject({
      source: "codex-cli",
      device: "desk",
      model: "own",
      createdAt: 3000,
      updatedAt: 3000,
    });
  });

  test("a stated source or device of a message replaces what nobody stated", async () => {
    const of = { sessionExternalId: "silent", role: "user" };
    await push(server, ann.key, { messages: [{ ...of, externalId: "1" }] });
    await push(server, ann.key, { messages: [{ ...of, externalId: "2", source: "cursor-sync", device: "desk" }] });
    const [row] = server.query("SELECT source, device FROM sessions WHERE externalId = 'silent'");
    expect(row).toEqual({ source: "cursor", device: "desk" });
  });

  test("messages without a time come in the order of the list", async () => {
    const list = ["c", "a", "b"].map((externalId) => ({ sessionExternalId: "ordered", externalId, role: "user" }));
    await push(server, ann.key, { messages: list });
    const rows = server.query<{ externalId: string }>(
      `SELECT m.externalId FROM messages m JOIN sessions s ON s.id = m.session
       WHERE s.externalId = 'ordered' ORDER BY m.createdAt, m.rowid`,
    );
    expect(rows.map(({ externalId }) => externalId)).toEqual(["c", "a", "b"]);
  });
});

test("a request that changes nothing signals nothing", async () => {
  const changedAt = () => server.query("SELECT rev, changedAt FROM activity WHERE user = ?", ann.id);
  await push(server, ann.key, { sessions: [{ externalId: "quiet", title: "T" }] });
  const before = changedAt();
  await runScenario(server, {
    url: "/sync/session",
    headers: ann.withKey,
    body: { externalId: "quiet", title: "T" },
    status: 200,
  });
  expect(changedAt()).toEqual(before);
});
