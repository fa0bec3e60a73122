import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { damageContent, dropAccounts, dropContent, eraseDatabase, lockDatabase } from "../support/broken-storage.ts";
import { answerTo, documentOf, prepareCallers } from "../support/documented-answer.ts";
import { type Call, type Callers, documentedCalls } from "../support/documented-calls.ts";
import { createInstallation, startOn } from "../support/installation.ts";
import { type Answered, type ApiDocument, type DocumentedOperation, FAILURES } from "../support/openapi.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

// 429, 500 and 503 on every route of the document that says it has them, and on no other. Each test brings a server into
// a plight and asks all routes; the last one finds a route that nobody has thought of.

const LIMITED = { OPENSYNC_REQUESTS_PER_KEY: "8", OPENSYNC_TRUSTED_PROXY: "X-Forwarded-For" };
const WRONG_KEY = `Bearer os_${"Q".repeat(43)}`;

/** Routes that touch accounts and keys alone, and go on while only content is broken. */
const OF_ACCOUNTS = ["createKey", "revokeKey", "setUp"];

/** What an answer must not tell of the inside. */
const INSIDE = /select|insert|sqlite|no such|malformed|\.db\b|\.ts\b|\.js\b|pb_hooks|goja|\/tmp|\/home|database disk/i;

const healthy = sharedServer();
let document: ApiDocument;
const seen = new Map<string, Set<string>>();

beforeAll(async () => {
  document = await documentOf(healthy);
});

/** A server before its plight. */
interface Plight extends Callers {
  /** A request of each route that succeeds as long as all is well. */
  readonly goodCalls: readonly (readonly [DocumentedOperation, Call])[];
}

function withCalls(callers: Callers): Plight {
  const calls = documentedCalls(callers);
  const goodCalls = document.operations.map((operation) => {
    const call = calls[operation.operationId]?.find(({ status }) => status < 300);
    if (!call) throw new Error(`${operation.operationId} has no call that succeeds`);
    return [operation, call] as const;
  });
  return { ...callers, goodCalls };
}

/** What is wrong with an answer that should have a status; notes that the status was seen. */
function problemOf(operation: DocumentedOperation, status: string, answer: Answered): string[] {
  const { operationId } = operation;
  const said = `${operationId}: ${answer.status} ${answer.text.slice(0, 200)}`;
  if (String(answer.status) !== status) return [`${said}, expected ${status}`];
  if (INSIDE.test(answer.text)) return [`${said} tells of the inside`];
  const problem = document.problemOf(operation, answer);
  if (problem !== undefined) return [`${operationId}: ${problem}`];
  seen.set(operationId, (seen.get(operationId) ?? new Set()).add(status));
  return [];
}

/** Asks all routes, of which those that document the status must answer with it, and the others must not. */
async function problemsOf(status: string, callers: Plight, isMeant: (operation: DocumentedOperation) => boolean) {
  const problems: string[] = [];
  for (const [operation, call] of callers.goodCalls) {
    const answer = await answerTo(callers, operation, call);
    if (status in operation.responses && isMeant(operation)) problems.push(...problemOf(operation, status, answer));
    else if (FAILURES.includes(String(answer.status)) && !(answer.status in operation.responses))
      problems.push(`${operation.operationId}: ${answer.status} is not documented`);
  }
  return problems;
}

/** Runs something on a server of its own and one without accounts. */
async function withServers(env: Record<string, string>, run: (callers: Plight) => Promise<void>): Promise<void> {
  const servers: TestServer[] = [];
  try {
    for (const _ of ["with data", "fresh"]) servers.push(await startServer({ env }));
    const [server, fresh] = servers;
    if (server && fresh) await run(withCalls(await prepareCallers(server, fresh)));
  } finally {
    for (const server of servers) await server.stop();
  }
}

const isEverything = () => true;

test("429 of a key that asked too often, and of a network with too many wrong keys, on every route that takes keys", async () => {
  await withServers(LIMITED, async (callers) => {
    const problems: string[] = [];
    for (const [name, authorization] of [
      ["busy", `Bearer ${callers.owner.key}`],
      ["wrong", WRONG_KEY],
    ] as const) {
      const headers = { "X-Forwarded-For": name === "busy" ? "203.0.113.1" : "203.0.113.2" };
      for (const [operation, good] of callers.goodCalls) {
        // Only itself is what a key may revoke.
        const path = operation.operationId === "revokeKey" ? "/api/keys/current" : good.path;
        const call = { ...good, path, authorization, headers };
        const takesKeys = operation.responses["429"]?.description.includes("key") === true;
        const answer = await refused(callers, call, () => answerTo(callers, operation, call));
        if (takesKeys) problems.push(...problemOf(operation, "429", answer));
        else if (answer.status === 429) problems.push(`${operation.operationId}: 429 for a key`);
      }
    }
    expect(problems).toEqual([]);
  });
}, 120_000);

/** The answer to somebody who may not ask any more. A limit ends with the minute, so there it is reached once more. */
async function refused({ server }: Callers, { authorization = "", headers = {} }: Call, ask: () => Promise<Answered>) {
  for (let round = 0; ; round += 1) {
    for (let count = 0, status = 0; status !== 429; count += 1) {
      const init = { headers: { ...headers, Authorization: authorization } };
      status = (await fetch(`${server.url}/sync/sessions/list`, init)).status;
      if (count > 250) throw new Error(`${authorization} is never refused`);
    }
    const minute = Math.floor(Date.now() / 60_000);
    const answer = await ask();
    if (answer.status === 429 || round > 1 || Math.floor(Date.now() / 60_000) === minute) return answer;
  }
}

test("429 of too many wrong passwords and setup links", async () => {
  await withServers({}, async (callers) => {
    const problems: string[] = [];
    for (const [operation, call] of callers.goodCalls) {
      const what = operation.responses["429"]?.description ?? "";
      if (what === "" || what.includes("key")) continue;
      const wrong = { ...call, body: { password: "wrong", token: "wrong" } };
      let answer = await answerTo(callers, operation, wrong);
      for (let count = 0; answer.status !== 429 && count < 50; count += 1) {
        answer = await answerTo(callers, operation, wrong);
      }
      problems.push(...problemOf(operation, "429", answer));
    }
    expect(problems).toEqual([]);
  });
}, 60_000);

test("503 where the pages of the content are damaged", async () => {
  await withServers({}, async (callers) => {
    damageContent(callers.server);
    const isMeant = ({ operationId }: DocumentedOperation) => ![...OF_ACCOUNTS, "getHealth"].includes(operationId);
    expect(await problemsOf("503", callers, isMeant)).toEqual([]);
  });
}, 60_000);

test("503 where the whole database cannot be read, also for those who are signed in", async () => {
  await withServers({}, async (callers) => {
    eraseDatabase(callers.server);
    eraseDatabase(callers.fresh);
    expect(await problemsOf("503", callers, isEverything)).toEqual([]);
  });
}, 60_000);

test("503 while another process keeps the server from writing, and none when it lets go", async () => {
  await withServers({}, async (callers) => {
    const push = callers.goodCalls.find(([{ operationId }]) => operationId === "pushBatch");
    if (!push) throw new Error("there is no route that takes batches");
    const release = lockDatabase(callers.server);
    const answer = await answerTo(callers, ...push);
    release();
    expect(problemOf(push[0], "503", answer)).toEqual([]);
    expect((await answerTo(callers, ...push)).status).toBe(200);
  });
}, 60_000);

test("500 where tables of the content are missing", async () => {
  await withServers({}, async (callers) => {
    dropContent(callers.server);
    const isMeant = ({ operationId }: DocumentedOperation) => ![...OF_ACCOUNTS, "getOpenApi"].includes(operationId);
    expect(await problemsOf("500", callers, isMeant)).toEqual([]);
  });
}, 60_000);

test("500 where the tables of accounts are missing", async () => {
  await withServers({}, async (callers) => {
    dropAccounts(callers.server);
    dropAccounts(callers.fresh);
    const init = { headers: { Authorization: `Bearer ${callers.owner.key}` } };
    const list = `${callers.server.url}/sync/sessions/list`;
    await until("the key is looked up again", async () => (await fetch(list, init)).status !== 200);
    expect(await problemsOf("500", callers, ({ operationId }) => operationId !== "getOpenApi")).toEqual([]);
  });
}, 60_000);

test("500 where a file of the server is missing", async () => {
  const installation = createInstallation({});
  rmSync(join(installation.hooksDir, "openapi.json"));
  const server = await startOn(installation);
  try {
    const callers = withCalls(await prepareCallers(server, healthy));
    expect(await problemsOf("500", callers, ({ operationId }) => operationId === "getOpenApi")).toEqual([]);
  } finally {
    await server.stop();
  }
});

test("every route was seen with each of these statuses that its document has", () => {
  const missing = document.operations.flatMap(({ operationId, responses }) =>
    FAILURES.filter((status) => status in responses && !seen.get(operationId)?.has(status)).map(
      (status) => `${operationId}: ${status}`,
    ),
  );
  expect(missing).toEqual([]);
});
