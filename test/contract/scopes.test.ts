import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { startInstalledServer } from "../support/installation.ts";
import { push } from "../support/push.ts";
import { administrator, createKey, createUser } from "../support/server.ts";
import { sharedServer, sharedUser } from "../support/shared.ts";

// Every route × everybody who may try it. A route of the server that has no row here fails.

/** A word in all that Ann has; nobody else's answer may hold it. */
const MARK = "Annsown7f3a";

/** Who tries; `anns` tells those that stand for Ann, whose data it is. */
const CALLERS = {
  nobody: "",
  "a strange key": "Bearer nonsense",
  "an unknown key": `Bearer os_${"Q".repeat(43)}`,
  "a strange token": "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
  "a revoked key": "",
  "an expired key": "",
  "a sync key": "",
  "a full key": "",
  "the owner": "",
  "a member": "",
  "a member's full key": "",
  "an administrator": "",
};
type Caller = keyof typeof CALLERS;
const ANNS: readonly Caller[] = ["a sync key", "a full key", "the owner"];
const UNWELCOME: readonly Caller[] = ["a strange key", "an unknown key", "a revoked key", "an expired key"];

/** What an answer is: its status, or its status and a text that it contains. */
type Expected = number | readonly [status: number, text: string];
type Statuses = Readonly<Record<Caller, Expected>>;

const everybody = (expected: Expected, more: Partial<Statuses> = {}): Statuses => {
  const callers = Object.keys(CALLERS).map((caller) => [caller, expected]);
  return { ...(Object.fromEntries(callers) as Record<Caller, Expected>), ...more };
};

/** With a key of any scope. People sign in for the dashboard, they do not push. */
const withKey = (expected: Expected) =>
  everybody([401, "Invalid API key"], {
    nobody: [401, "Missing Authorization header"],
    ...{ "a sync key": expected, "a full key": expected, "a member's full key": expected },
  });

/** Reading: people and keys of scope full. */
const reading = (anns: Expected, others: Expected = anns) =>
  everybody([401, "Invalid API key"], {
    ...{ nobody: [401, "Missing Authorization header"], "a strange token": [401, "sign-in is not valid"] },
    ...{ "a sync key": [403, "scope sync, which cannot read"], "a full key": anns, "the owner": anns },
    ...{ "a member": others, "a member's full key": others, "an administrator": [403, "not to administrators"] },
  });

/** For people alone. */
const people = (anns: Expected, others: Expected = anns) =>
  everybody([401, "signed-in user"], {
    ...{ "the owner": anns, "a member": others, "an administrator": [403, "not to administrators"] },
  });

/** For whoever owns the server. */
const owner = (expected: Expected) => people(expected, [403, "Only the owner"]);

interface Row {
  /** What is sent, with ids of Ann's: query, body. `{…}` of the path is filled in, too. */
  readonly request?: () => { path?: Record<string, string>; query?: string; body?: unknown };
  readonly statuses: Statuses;
}

const server = sharedServer(() =>
  startInstalledServer(
    { "plugin/opencode-sync-plugin-2.0.0.tgz": new Uint8Array([31, 139]) },
    { env: { OPENSYNC_TRUSTED_PROXY: "X-Forwarded-For" } },
  ),
);
const ann = sharedUser(server, { role: "owner" });
let annsKeyId = "";
let count = 0;

/** A session of Ann's that nobody has touched. */
let session = { id: "", externalId: "" };
const ofSession = (more: { query?: string; body?: unknown } = {}) => ({ path: { id: session.id }, ...more });
const item = () => ({ externalId: "pushed", title: "pushed" });

/** In the order in which they are tried. A second row of a route has a word in brackets behind it. */
const ROWS: Readonly<Record<string, Row>> = {
  "GET /health": { statuses: everybody(200) },
  "GET /api/openapi.json": { statuses: everybody(200) },
  "GET /plugin.tgz": { statuses: everybody(200) },
  "POST /api/setup": {
    request: () => ({ body: { token: "x", email: "a@example.com", password: "long enough" } }),
    statuses: everybody(410),
  },
  "POST /sync/session": { request: () => ({ body: item() }), statuses: withKey(200) },
  "POST /sync/message": {
    request: () => ({ body: { sessionExternalId: "pushed", externalId: "m", role: "user" } }),
    statuses: withKey(200),
  },
  "POST /sync/batch": { request: () => ({ body: { sessions: [item()] } }), statuses: withKey(200) },
  "GET /sync/sessions/list": { request: () => ({ query: "digests=1" }), statuses: withKey(200) },
  "GET /sync/sessions/messages": { request: () => ({ query: `id=${session.externalId}` }), statuses: withKey(200) },
  "POST /api/keys": { request: () => ({ body: { name: "new" } }), statuses: people(201) },
  "DELETE /api/keys/{id}": { request: () => ({ path: { id: annsKeyId } }), statuses: people(204, 404) },
  "GET /api/search": { request: () => ({ query: `q=${MARK}` }), statuses: reading(200) },
  "GET /api/context": { request: () => ({ query: `q=${MARK}` }), statuses: reading(200) },
  "GET /api/sessions": { statuses: reading(200) },
  "GET /api/sessions/get": { request: () => ({ query: `id=${session.externalId}` }), statuses: reading(200, 404) },
  "GET /api/sessions/{id}": { request: ofSession, statuses: reading(200, 404) },
  "GET /api/sessions/facets": { statuses: reading(200) },
  "GET /api/usage": { request: () => ({ query: "by=model,project" }), statuses: reading(200) },
  "GET /api/stats": { statuses: reading(200) },
  "POST /api/usage/rebuild": { statuses: owner(200) },
  "GET /api/export": { request: () => ({ query: `id=${session.id}` }), statuses: reading(200, 404) },
  "GET /api/export/csv": { statuses: reading(200) },
  "GET /api/export/evals": { request: () => ({ query: "format=deepeval" }), statuses: reading(200, 404) },
  "GET /api/archive": { statuses: reading(200) },
  "POST /api/archive": { request: () => ({ body: {} }), statuses: reading(400) },
  "GET /api/prices": { statuses: reading(200) },
  "PUT /api/prices/{model}": {
    request: () => ({ path: { model: "some-model" }, body: { input: 1, output: 2 } }),
    statuses: owner(200),
  },
  "DELETE /api/prices/{model}": { request: () => ({ path: { model: "some-model" } }), statuses: owner(200) },
  "PATCH /api/sessions/{id}": { request: () => ofSession({ body: { notes: MARK } }), statuses: reading(200, 404) },
  "POST /api/sessions/bulk": {
    request: () => ({ body: { action: "patch", ids: [session.id], changes: { notes: MARK } } }),
    statuses: reading(200),
  },
  "DELETE /api/sessions/{id}": { request: ofSession, statuses: reading(200, 404) },
  "POST /api/sessions/{id}/restore": { request: ofSession, statuses: reading(200, 404) },
  "POST /api/account/delete-data": {
    request: () => ({ body: { password: "wrong" } }),
    statuses: people([403, "the password of your account"]),
  },
  "DELETE /api/account": {
    request: () => ({ body: { password: "wrong" } }),
    statuses: people([403, "the password of your account"]),
  },
  // The last one: after it no key is valid any more.
  "DELETE /api/keys/{id} (current)": { request: () => ({ path: { id: "current" } }), statuses: withKey(204) },
};

/** The route of a row. */
const routeOf = (row: string) => row.replace(/ \(.*\)$/, "");

/** The routes that the server registers. */
const ROUTES = [
  ...readFileSync(inRoot("pb_hooks", "main.pb.ts"), "utf8").matchAll(/\["([A-Z]+)", "(\/[^"]*)", "handle/g),
].map(([, method, path]) => `${method} ${path}`);

/** Those that clients of version 1 call, which may have been given an address with more in front. */
const OF_VERSION_1 = [
  ...["GET /health", "POST /sync/session", "POST /sync/message", "POST /sync/batch", "GET /sync/sessions/list"],
  ...[
    "GET /sync/sessions/messages",
    "GET /api/sessions",
    "GET /api/sessions/get",
    "GET /api/search",
    "GET /api/context",
  ],
  ...["GET /api/export", "GET /api/export/evals", "GET /api/stats"],
];
const PREFIXES = ["/convex.site", "/v1.convex.site"];

beforeAll(async () => {
  const ben = await createUser(server);
  const admin = await administrator(server);
  const keys = { revoked: await createKey(server, ann), expired: await createKey(server, ann) };
  const sync = await createKey(server, ann, { name: MARK });
  annsKeyId = (await createKey(server, ann, { name: MARK })).id;
  const bearer = ({ key }: { key: string }) => `Bearer ${key}`;
  Object.assign(CALLERS, {
    ...{ "a revoked key": bearer(keys.revoked), "an expired key": bearer(keys.expired), "a sync key": bearer(sync) },
    "a full key": bearer(await createKey(server, ann, { scope: "full" })),
    ...{ "the owner": ann.token, "a member": ben.token, "an administrator": admin.authStore.token },
    "a member's full key": bearer(await createKey(server, ben, { scope: "full" })),
  });
  server.change("UPDATE api_keys SET scope = 'full', revokedAt = 1 WHERE id = ?", keys.revoked.id);
  server.change("UPDATE api_keys SET scope = 'full', expiresAt = 1 WHERE id = ?", keys.expired.id);
  session = await newSession(sync.key);
  server.change("UPDATE sessions SET evalReady = 1 WHERE id = ?", session.id);
});

/** Pushes a session that says Ann's word in every place where a word fits. */
async function newSession(key: string): Promise<{ id: string; externalId: string }> {
  const externalId = "anns-session";
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, `${MARK} ${name}`]));
  await push(server, key, {
    sessions: [
      {
        ...{ externalId, source: MARK, createdAt: 1000, cost: 1, costSource: "reported", meta: { word: MARK } },
        ...named(["title", "projectPath", "projectName", "gitBranch", "device", "model", "provider"]),
      },
    ],
    messages: [
      {
        ...{
          sessionExternalId: externalId,
          externalId: "m1",
          role: "assistant",
          createdAt: 1000,
          tokens: { output: 5 },
        },
        ...{ ...named(["textContent", "model", "provider"]), meta: { word: MARK } },
        parts: [{ type: "text", content: MARK }],
      },
    ],
  });
  return { id: server.sessionId(externalId), externalId };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends a request of a row as somebody, each from a network of its own: wrong keys are limited by network. */
async function send(route: string, row: Row, caller: Caller, prefix = "", end = ""): Promise<Answer> {
  const [method = "", pattern = ""] = route.split(" ");
  const { path = {}, query, body } = row.request?.() ?? {};
  const filled = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  count += 1;
  const answer = await fetch(`${server.url}${prefix}${filled}${end}${query === undefined ? "" : `?${query}`}`, {
    method,
    headers: {
      ...(CALLERS[caller] === "" ? {} : { Authorization: CALLERS[caller] }),
      ...{ "X-Forwarded-For": `203.0.${count >> 8}.${count & 255}`, "Content-Type": "application/json" },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

function check(answer: Answer, expected: Expected, caller: Caller): void {
  const [status, text] = typeof expected === "number" ? [expected, ""] : expected;
  expect(answer, caller).toEqual({ status, text: expect.stringContaining(text) });
  if (status >= 400) expect(JSON.parse(answer.text), caller).toEqual({ error: expect.any(String) });
  if (!ANNS.includes(caller)) expect(answer.text.includes(MARK), `${caller} reads what is Ann's`).toBe(false);
}

/** All that is Ann's, as text. */
const annsRows = () =>
  JSON.stringify(
    ["sessions", "messages", "api_keys"].map((table) =>
      server
        .query(`SELECT * FROM ${table} WHERE user = ? ORDER BY id`, ann.id)
        .map(({ lastUsedAt: _used, ...row }) => row),
    ),
  );

test("every route of the server has a row here", () => {
  expect(ROUTES.length).toBeGreaterThan(20);
  expect(ROUTES.filter((route) => ROWS[route] === undefined)).toEqual([]);
});

test("every row has a route", () => {
  expect(Object.keys(ROWS).filter((row) => !ROUTES.includes(routeOf(row)))).toEqual([]);
});

describe.each(Object.entries(ROWS))("%s", (name, row) => {
  const route = routeOf(name);
  const others = Object.keys(CALLERS).filter((caller): caller is Caller => !ANNS.includes(caller as Caller));

  test.each(others)("answers %s, and leaves alone what is Ann's", async (caller) => {
    const before = annsRows();
    check(await send(route, row, caller), row.statuses[caller], caller);
    expect(annsRows()).toBe(before);
  });

  // The other spellings of a path reach the same handler, so they must not be a way around it.
  test.each(UNWELCOME)("answers %s the same under its other addresses", async (caller) => {
    check(await send(route, row, caller, "", "/"), row.statuses[caller], caller);
    for (const prefix of PREFIXES) {
      const status = OF_VERSION_1.includes(route) ? row.statuses[caller] : 404;
      for (const end of ["", "/"]) check(await send(route, row, caller, prefix, end), status, caller);
    }
  });

  test.each(ANNS)("answers %s", async (caller) => {
    check(await send(route, row, caller), row.statuses[caller], caller);
  });
});
