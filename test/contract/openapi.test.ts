import { readFileSync } from "node:fs";
import PocketBase from "pocketbase";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { createInstallation, type Installation } from "../support/installation.ts";
import { ApiDocument, type DocumentedOperation, registeredRoutes } from "../support/openapi.ts";
import { superuser } from "../support/pocketbase.ts";
import { push } from "../support/push.ts";
import { debuggingSession, longSession, manySessions } from "../support/sample-sessions.ts";
import { createKey, createUser, startServer, type TestServer, type TestUser } from "../support/server.ts";
import { setupToken } from "../support/setup-link.ts";

/** One request, and the status that it is answered with. */
interface Call {
  readonly status: number;
  /** With the parameters filled in. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Default: the owner's key where a key is enough, else the owner's token. */
  readonly authorization?: string;
  /** Default: the server with data. */
  readonly server?: TestServer;
}

const NOW = Date.UTC(2026, 5, 15, 12);

let installation: Installation;
let bare: Installation;
let server: TestServer;
/** Without accounts and without the plugin's package. */
let fresh: TestServer;
let document: ApiDocument;
let owner: TestUser;
let member: TestUser;
let key = "";
let syncKey = "";
let administrator = "";
/** Requests for every documented answer, by operation and in order. */
let calls: Readonly<Record<string, readonly Call[]>>;

beforeAll(async () => {
  installation = createInstallation({ "plugin/opencode-sync-plugin-2.0.0.tgz": new Uint8Array([31, 139]) });
  bare = createInstallation({});
  [server, fresh] = await Promise.all([startServer({ args: installation.args }), startServer({ args: bare.args })]);
  owner = await createUser(server, { role: "owner" });
  member = await createUser(server);
  ({ key } = await createKey(server, owner, { scope: "full" }));
  ({ key: syncKey } = await createKey(server, owner));
  const admin = new PocketBase(server.url);
  await admin.collection("_superusers").authWithPassword(superuser.email, superuser.password);
  administrator = admin.authStore.token;
  await push(server, key, manySessions(12, NOW));
  await push(server, key, debuggingSession(NOW));
  await push(server, key, longSession(30, NOW));
  await push(server, key, {
    sessions: [{ externalId: "sub", parentExternalId: "ses_long", archivedAt: NOW, forkedFrom: "x" }],
  });
  await push(server, key, {
    messages: [
      {
        sessionExternalId: "sub",
        externalId: "e",
        role: "assistant",
        error: { name: "E", message: "m" },
        removedAt: NOW,
      },
    ],
  });
  document = new ApiDocument(await (await fetch(`${server.url}/api/openapi.json`)).json());
  calls = callsOf(idOf);
}, 120_000);

afterAll(async () => {
  await Promise.all([server.stop(), fresh.stop()]);
  installation.remove();
  bare.remove();
});

function idOf(externalId: string): string {
  return String(server.query<{ id: string }>("SELECT id FROM sessions WHERE externalId = ?", externalId)[0]?.id);
}

const LARGE = "x".repeat(9 * 1024 * 1024 + 1);

function callsOf(id: (externalId: string) => string): Record<string, Call[]> {
  const bodyErrors = (path: string): Call[] => [
    { status: 400, path, body: "[" },
    { status: 413, path, body: LARGE },
    { status: 415, path, body: "{}", headers: { "Content-Encoding": "gzip" } },
  ];
  const deleted = id("ses_many_3");
  const setup = { email: "first@example.com", password: "correct horse battery", name: "Ada" };
  const changes = {
    tags: ["a"],
    notes: "n",
    customTitle: "t",
    evalStatus: "golden",
    evalReady: true,
    evalNotes: "e",
    expectedOutput: "o",
  };
  return {
    // First something goes into the trash, for those that refuse it.
    deleteSession: [
      { status: 200, path: `/api/sessions/${deleted}` },
      { status: 400, path: `/api/sessions/${deleted}?permanently=maybe` },
      { status: 404, path: "/api/sessions/none" },
    ],
    changeSession: [
      { status: 200, path: `/api/sessions/${id("ses_debugging")}`, body: changes },
      { status: 400, path: `/api/sessions/${id("ses_debugging")}`, body: { tags: 5 } },
      { status: 404, path: "/api/sessions/none", body: changes },
      { status: 410, path: `/api/sessions/${deleted}`, body: changes },
    ],
    pushBatch: [
      { status: 200, path: "/sync/batch", body: { sessions: [{ externalId: "b" }, {}] } },
      ...bodyErrors("/sync/batch"),
    ],
    pushSession: [
      { status: 200, path: "/sync/session", body: { externalId: "p" } },
      ...bodyErrors("/sync/session"),
      { status: 410, path: "/sync/session", body: { externalId: "ses_many_3", title: "x" } },
    ],
    pushMessage: [
      { status: 200, path: "/sync/message", body: { sessionExternalId: "p", externalId: "m", role: "user" } },
      ...bodyErrors("/sync/message"),
      { status: 410, path: "/sync/message", body: { sessionExternalId: "ses_many_3", externalId: "m", role: "user" } },
    ],
    listSyncedSessions: [
      { status: 200, path: "/sync/sessions/list?digests=1&limit=5" },
      { status: 400, path: "/sync/sessions/list?limit=0" },
    ],
    listSyncedMessages: [
      { status: 200, path: "/sync/sessions/messages?id=ses_debugging" },
      { status: 400, path: "/sync/sessions/messages" },
    ],
    listSessions: [
      { status: 200, path: "/api/sessions?limit=500" },
      { status: 200, path: "/api/sessions?status=deleted" },
      { status: 400, path: "/api/sessions?limit=0" },
    ],
    getSessionByQuery: [
      { status: 200, path: "/api/sessions/get?id=ses_debugging" },
      { status: 400, path: "/api/sessions/get" },
      { status: 404, path: "/api/sessions/get?id=none" },
    ],
    getSession: [
      { status: 200, path: `/api/sessions/${id("ses_long")}?limit=10` },
      { status: 200, path: "/api/sessions/sub" },
      { status: 400, path: `/api/sessions/${id("ses_long")}?limit=many` },
      { status: 404, path: "/api/sessions/none" },
    ],
    countFacets: [
      { status: 200, path: "/api/sessions/facets?agent=opencode" },
      { status: 400, path: "/api/sessions/facets?facet=colour" },
    ],
    getUsage: [
      { status: 200, path: "/api/usage?by=week&by=agent&tz=Europe/Berlin&from=2026-01-01" },
      { status: 200, path: "/api/usage" },
      { status: 400, path: "/api/usage?by=colour" },
    ],
    rebuildUsage: [{ status: 200, path: "/api/usage/rebuild" }],
    getStats: [
      { status: 200, path: "/api/stats" },
      { status: 400, path: "/api/stats?tz=Mars" },
    ],
    restoreSession: [
      { status: 200, path: `/api/sessions/${deleted}/restore` },
      { status: 404, path: "/api/sessions/none/restore" },
    ],
    changeSessions: [
      {
        status: 200,
        path: "/api/sessions/bulk",
        body: { action: "patch", ids: [deleted], changes: { starred: true } },
      },
      { status: 400, path: "/api/sessions/bulk", body: { action: "paint", ids: [] } },
      {
        status: 413,
        path: "/api/sessions/bulk",
        body: { action: "restore", ids: Array.from({ length: 10_001 }, (_, index) => `i${index}`) },
      },
    ],
    listPrices: [{ status: 200, path: "/api/prices" }],
    setPrice: [
      { status: 200, path: "/api/prices/my-model", body: { input: 1, output: 2 } },
      { status: 400, path: "/api/prices/my-model", body: { input: "much" } },
    ],
    removePrice: [
      { status: 200, path: "/api/prices/my-model" },
      { status: 404, path: "/api/prices/my-model" },
    ],
    exportSession: [
      ...["json", "markdown", "html", "jsonl", "text"].map((format) => ({
        status: 200,
        path: `/api/export?id=ses_debugging&format=${format}`,
      })),
      { status: 400, path: "/api/export?id=ses_debugging&format=pdf" },
      { status: 404, path: "/api/export?id=none" },
    ],
    exportCsv: [
      { status: 200, path: "/api/export/csv?agent=opencode" },
      { status: 400, path: "/api/export/csv?starred=maybe" },
    ],
    exportEvals: [
      ...["deepeval", "openai", "promptfoo", "filesystem"].map((format) => ({
        status: 200,
        path: `/api/export/evals?format=${format}`,
      })),
      { status: 400, path: "/api/export/evals?format=pdf" },
      { status: 404, path: "/api/export/evals?model=none" },
    ],
    search: [
      { status: 200, path: "/api/search?q=token" },
      { status: 200, path: "/api/search?q=token&v=2" },
      { status: 200, path: "/api/search?q=agent:opencode&v=2" },
      { status: 400, path: "/api/search?q=token&limit=0" },
    ],
    getContext: [
      { status: 200, path: "/api/context?q=token" },
      { status: 200, path: "/api/context?q=token&format=text" },
      { status: 400, path: "/api/context" },
    ],
    exportAccount: [{ status: 200, path: "/api/archive" }],
    importArchive: [{ status: 200, path: "/api/archive", body: "" }, ...bodyErrors("/api/archive")],
    getHealth: [{ status: 200, path: "/health" }],
    getOpenApi: [{ status: 200, path: "/api/openapi.json" }],
    getPlugin: [
      { status: 200, path: "/plugin.tgz" },
      { status: 404, path: "/plugin.tgz", server: fresh },
    ],
    setUp: [
      {
        status: 400,
        path: "/api/setup",
        body: { ...setup, token: setupToken(fresh), password: "short" },
        server: fresh,
      },
      { status: 401, path: "/api/setup", body: { ...setup, token: "guess" }, server: fresh },
      { status: 201, path: "/api/setup", body: { ...setup, token: setupToken(fresh) }, server: fresh },
      { status: 410, path: "/api/setup", body: { ...setup, token: "guess" }, server: fresh },
    ],
    createKey: [
      { status: 201, path: "/api/keys", body: { name: "another" } },
      { status: 400, path: "/api/keys", body: {} },
    ],
    revokeKey: [
      { status: 204, path: `/api/keys/${keyId(syncKey)}` },
      { status: 404, path: "/api/keys/none" },
    ],
    deleteData: [
      { status: 400, path: "/api/account/delete-data", body: "[" },
      { status: 403, path: "/api/account/delete-data", body: { password: "wrong" }, authorization: member.token },
      {
        status: 200,
        path: "/api/account/delete-data",
        body: { password: member.password },
        authorization: member.token,
      },
    ],
    deleteAccount: [
      { status: 400, path: "/api/account", body: "[" },
      { status: 409, path: "/api/account", body: { password: owner.password } },
      { status: 403, path: "/api/account", body: { password: "wrong" }, authorization: member.token },
      { status: 200, path: "/api/account", body: { password: member.password }, authorization: member.token },
    ],
  };
}

function keyId(value: string): string {
  return String(server.query<{ id: string }>("SELECT id FROM api_keys WHERE prefix = ?", value.slice(0, 10))[0]?.id);
}

/** The calls that follow from who may call: nobody in particular, and somebody who may not. */
function accessCalls(operation: DocumentedOperation, some: Call): Call[] {
  const kinds = operation.security.flatMap((scheme) => Object.keys(scheme));
  if (kinds.length === 0) return [];
  const anonymous = { ...some, status: 401, authorization: "" };
  if (!("403" in operation.responses)) return [anonymous];
  const isForKeys = kinds.includes("apiKey");
  const isForOwner = operation.responses["403"]?.description.includes("owner") === true;
  const refused = isForKeys ? `Bearer ${syncKey}` : isForOwner ? member.token : administrator;
  return [anonymous, { ...some, status: 403, authorization: refused }];
}

async function send(operation: DocumentedOperation, call: Call): Promise<string | undefined> {
  const isForKeys = operation.security.some((scheme) => "apiKey" in scheme);
  const authorization = call.authorization ?? (isForKeys ? `Bearer ${key}` : owner.token);
  const body = call.body === undefined ? null : typeof call.body === "string" ? call.body : JSON.stringify(call.body);
  const answer = await fetch(`${(call.server ?? server).url}${call.path}`, {
    method: operation.method,
    headers: { ...(authorization === "" ? {} : { Authorization: authorization }), ...call.headers },
    body,
  });
  const text = await answer.text();
  if (answer.status !== call.status)
    return `answered ${answer.status} instead of ${call.status}: ${text.slice(0, 300)}`;
  return document.problemOf(operation, call.status, answer.headers.get("Content-Type") ?? "", text);
}

test("every registered route is documented, and nothing else", () => {
  const documented = document.operations.map(({ method, path }) => `${method} ${path}`);
  expect(documented.toSorted()).toEqual(registeredRoutes().toSorted());
  const ids = document.operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test("API.md names every route", () => {
  const text = readFileSync(inRoot("API.md"), "utf8");
  expect(document.operations.map(({ path }) => path).filter((path) => !text.includes(path))).toEqual([]);
});

test("every documented answer of every route is given, as documented", async () => {
  const problems: string[] = [];
  const given = new Map(document.operations.map((operation) => [operation.operationId, new Set<string>()]));
  const run = async (operation: DocumentedOperation, call: Call) => {
    const problem = await send(operation, call);
    if (problem !== undefined) problems.push(`${operation.method} ${call.path} ${call.status}: ${problem}`);
    given.get(operation.operationId)?.add(String(call.status));
  };
  // Who may not call is told so before anything is revoked or deleted.
  for (const operation of document.operations) {
    const some = calls[operation.operationId]?.find(({ status }) => status < 300);
    for (const call of some ? accessCalls(operation, some) : []) await run(operation, call);
  }
  for (const [id, list] of Object.entries(calls)) {
    const operation = document.operations.find(({ operationId }) => operationId === id);
    if (!operation) problems.push(`${id} is not documented`);
    else for (const call of list) await run(operation, call);
  }
  for (const { operationId, responses } of document.operations) {
    const missing = Object.keys(responses).filter(
      (status) => status !== "default" && !given.get(operationId)?.has(status),
    );
    if (missing.length > 0) problems.push(`${operationId}: nobody has seen ${missing.join(", ")}`);
  }
  expect(problems).toEqual([]);
}, 120_000);

test("the document may be read from other origins", async () => {
  const answer = await fetch(`${server.url}/api/openapi.json`, {
    headers: { Origin: "https://elsewhere.example.com" },
  });
  expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
});

test("these checks see what is missing, what is too much, and what is of another kind", () => {
  const health = document.operations.find(({ operationId }) => operationId === "getHealth");
  if (!health) throw new Error("/health is not documented");
  const problem = (text: string, type = "application/json") => document.problemOf(health, 200, type, text);
  expect(problem('{"status":"ok","timestamp":5,"version":"2.0.0"}')).toBeUndefined();
  expect(problem('{"status":"ok"}')).toContain("timestamp");
  expect(problem('{"status":"ok","timestamp":5,"secret":1}')).toContain("secret");
  expect(problem('{"status":"ok","timestamp":"5"}')).toContain("number");
  expect(problem("ok", "text/plain")).toContain("a body of text/plain");
});
