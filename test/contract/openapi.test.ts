import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { accessCalls, type Call, type Callers, documentedCalls } from "../support/documented-calls.ts";
import { startInstalledServer } from "../support/installation.ts";
import { ApiDocument, type DocumentedOperation, registeredRoutes } from "../support/openapi.ts";
import { push } from "../support/push.ts";
import { debuggingSession, longSession, manySessions } from "../support/sample-sessions.ts";
import { administrator } from "../support/server.ts";
import { sharedAccount, sharedKey, sharedServer, sharedUser } from "../support/shared.ts";

const NOW = Date.UTC(2026, 5, 15, 12);

const packageFile = { "plugin/opencode-sync-plugin-2.0.0.tgz": new Uint8Array([31, 139]) };
const server = sharedServer(() => startInstalledServer(packageFile));
const fresh = sharedServer(() => startInstalledServer({}));
const owner = sharedAccount(server, { role: "owner", scope: "full" });
const member = sharedUser(server);
const syncKey = sharedKey(server, owner);
let callers: Callers;
let document: ApiDocument;

beforeAll(async () => {
  const administratorsToken = (await administrator(server)).authStore.token;
  callers = { server, fresh, owner, member, syncKey, administrator: administratorsToken };
  await push(server, owner.key, manySessions(12, NOW));
  await push(server, owner.key, debuggingSession(NOW));
  await push(server, owner.key, longSession(30, NOW));
  await push(server, owner.key, {
    sessions: [{ externalId: "sub", parentExternalId: "ses_long", archivedAt: NOW, forkedFrom: "x" }],
  });
  await push(server, owner.key, {
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
}, 120_000);

async function send(operation: DocumentedOperation, call: Call): Promise<string | undefined> {
  const isForKeys = operation.security.some((scheme) => "apiKey" in scheme);
  const authorization = call.authorization ?? (isForKeys ? `Bearer ${owner.key}` : owner.token);
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

test("API.md has every route in its table, with its method, and says every parameter", () => {
  const text = readFileSync(inRoot("API.md"), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  // `POST …/restore` stands behind the route that it belongs to.
  const names = (row: string, path: string) =>
    [path, path.replace(/^.*\{id\}\//, "…/")].some((form) =>
      [" ", "`"].some((before) => ["`", "?"].some((after) => row.includes(`${before}${form}${after}`))),
    );
  const missing = document.operations.filter(
    ({ method, path }) => !rows.some((row) => row.includes(method) && names(row, path)),
  );
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  const parameters = new Set(
    document.operations.flatMap((operation) => operation.parameters ?? []).map(({ name }) => name),
  );
  expect([...parameters].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

test("every documented answer of every route is given, as documented", async () => {
  const calls = documentedCalls(callers);
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
    for (const call of some ? accessCalls(callers, operation, some) : []) await run(operation, call);
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
