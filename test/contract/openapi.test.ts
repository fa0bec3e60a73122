import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { answerTo, documentOf, prepareCallers } from "../support/documented-answer.ts";
import { accessCalls, type Call, type Callers, documentedCalls } from "../support/documented-calls.ts";
import { startInstalledServer } from "../support/installation.ts";
import { type ApiDocument, type DocumentedOperation, FAILURES, registeredRoutes } from "../support/openapi.ts";
import { sharedServer } from "../support/shared.ts";

const packageFile = { "plugin/opencode-sync-plugin-2.0.0.tgz": new Uint8Array([31, 139]) };
const server = sharedServer(() => startInstalledServer(packageFile));
const fresh = sharedServer(() => startInstalledServer({}));
let callers: Callers;
let document: ApiDocument;

beforeAll(async () => {
  callers = await prepareCallers(server, fresh);
  document = await documentOf(server);
}, 120_000);

async function problemOf(operation: DocumentedOperation, call: Call): Promise<string | undefined> {
  const answer = await answerTo(callers, operation, call);
  if (answer.status === call.status) return document.problemOf(operation, answer);
  return `answered ${answer.status} instead of ${call.status}: ${answer.text.slice(0, 300)}`;
}

test("every registered route is documented, and nothing else", () => {
  const documented = document.operations.map(({ method, path }) => `${method} ${path}`);
  expect(documented.toSorted()).toEqual(registeredRoutes().toSorted());
  const ids = document.operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every parameter of an address, and every body, can be wrong", () => {
  const without = (isMeant: (operation: DocumentedOperation) => boolean, ...statuses: string[]) =>
    document.operations
      .filter((operation) => isMeant(operation) && statuses.some((status) => !(status in operation.responses)))
      .map(({ operationId }) => operationId);
  expect(without(({ parameters = [] }) => parameters.some((parameter) => parameter.in === "query"), "400")).toEqual([]);
  expect(without(({ requestBody }) => requestBody !== undefined, "400", "413", "415")).toEqual([]);
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

test("every documented answer that follows from the request is given on every route, as documented", async () => {
  const calls = documentedCalls(callers);
  const problems: string[] = [];
  const given = new Map(document.operations.map((operation) => [operation.operationId, new Set<string>()]));
  const run = async (operation: DocumentedOperation, call: Call) => {
    const problem = await problemOf(operation, call);
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
      (status) => !FAILURES.includes(status) && !given.get(operationId)?.has(status),
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
  const problem = (text: string, type = "application/json", status = 200, headers = {}) =>
    document.problemOf(health, { status, text, headers: new Headers({ "Content-Type": type, ...headers }) });
  expect(problem('{"status":"ok","timestamp":5,"version":"2.0.0"}')).toBeUndefined();
  expect(problem('{"status":"ok"}')).toContain("timestamp");
  expect(problem('{"status":"ok","timestamp":5,"secret":1}')).toContain("secret");
  expect(problem('{"status":"ok","timestamp":"5"}')).toContain("number");
  expect(problem("ok", "text/plain")).toContain("a body of text/plain");
  const refused = (headers: object) => problem('{"status":"error","error":"e"}', "application/json", 503, headers);
  expect(refused({ "Retry-After": "5" })).toBeUndefined();
  expect(refused({})).toContain("no header Retry-After");
  expect(refused({ "Retry-After": "0" })).toContain(">= 1");
  expect(refused({ "Retry-After": "soon" })).toContain("integer");
  expect(problem('{"error":"e"}', "application/json", 404)).toContain("not documented");
});
