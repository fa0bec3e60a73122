import {
  OpenSyncClient,
  readFacets,
  readSession,
  readSessions,
  readStats,
  readUsage,
  type SessionFilterQuery,
  searchSessions,
} from "@opensync/client";
import { beforeAll, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { debuggingSession, longSession, manySessions } from "../support/sample-sessions.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const NOW = Date.UTC(2026, 5, 15, 12);

const server = sharedServer();
const reader = sharedAccount(server, { scope: "full" });
let client: OpenSyncClient;

beforeAll(async () => {
  client = new OpenSyncClient({ url: server.url, apiKey: reader.key, retry: { attempts: 1 } });
  for (const batch of [manySessions(30, NOW), debuggingSession(NOW), longSession(20, NOW)])
    await push(server, reader.key, batch);
});

test("pages of sessions, with values that an address has to escape", async () => {
  const first = await readSessions(client, {
    agent: ["opencode", "cursor"],
    sort: "created",
    order: "asc",
    limit: 5,
    starred: false,
  });
  expect(first).toMatchObject({ total: 14 });
  const second = await readSessions(client, {
    agent: ["opencode", "cursor"],
    sort: "created",
    order: "asc",
    limit: 5,
    cursor: first.nextCursor ?? "",
  });
  expect(new Set([...first.sessions, ...second.sessions].map(({ id }) => id)).size).toBe(10);
  expect((await readSessions(client, { title: "100% & more?" })).sessions).toEqual([]);
  expect((await readSessions(client, { project: "", branch: "fix/token-expiry" })).total).toBe(0);
});

test("a session with its messages, page by page", async () => {
  const first = await readSession(client, "ses_long", { limit: 15 });
  const second = await readSession(client, "ses_long", { cursor: first.nextCursor ?? "" });
  expect([first.messages.length, second.messages.length, second.nextCursor]).toEqual([15, 5, null]);
  await expect(readSession(client, "none")).rejects.toMatchObject({ kind: "not-found" });
});

test("a search among some sessions only", async () => {
  const found = async (filter: SessionFilterQuery) =>
    (await searchSessions(client, "token", { filter })).results.map(({ session }) => session.externalId);
  expect(await found({})).toEqual(["ses_debugging"]);
  expect(await found({ agent: ["opencode", "cursor"], minCost: 0.05 })).toEqual(["ses_debugging"]);
  expect(await found({ agent: ["opencode", "cursor"], starred: true })).toEqual([]);
});

test("facets, usage and statistics", async () => {
  expect((await readFacets(client, { facet: ["agent"], limit: 1 })).facets.agent?.values).toHaveLength(1);
  const usage = await readUsage(client, { by: ["month", "model"], tz: "Europe/Berlin", from: "2026-06-01" });
  expect(usage.by).toEqual(["month", "model"]);
  expect(usage.totals.sessions).toBe(32);
  expect(await readStats(client)).toMatchObject({ sessionCount: 32 });
});
