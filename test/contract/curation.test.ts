import { changeSession, changeSessions, deleteSession, OpenSyncClient, restoreSession } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type ApiAnswer,
  type ApiRequest,
  type ApiScenario,
  runScenario,
  testScenarios,
} from "../support/api-scenario.ts";
import { push } from "../support/push.ts";
import { createKey, createUser } from "../support/server.ts";
import { sharedAccount, sharedKey, sharedServer, sharedUser } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server);
const annsFullKey = sharedKey(server, ann, { scope: "full" });
const ben = sharedUser(server);
let id = "";

beforeAll(async () => {
  await push(server, ann.key, {
    sessions: ["s1", "s2", "s3"].map((externalId) => ({ externalId, title: "As sent", hash: 7, updatedAt: 1000 })),
    messages: [{ sessionExternalId: "s1", externalId: "m1", role: "user", textContent: "hello", hash: 3 }],
  });
  id = server.sessionId("s1");
});

/** What agents send of a session, and what the server proves to them: none of it may move. */
function agentsPart(externalId: string): unknown {
  return server.query(
    `SELECT s.title, s.hash, s.updatedAt, s.createdAt, s.messageCount, d.messages, d.hashSum, d.changes
     FROM sessions s LEFT JOIN session_digests d ON d.session = s.id WHERE s.externalId = ?`,
    externalId,
  );
}

const patch = (body: unknown, more: Partial<ApiRequest> = {}): Promise<ApiAnswer> =>
  runScenario(server, {
    ...{ method: "PATCH", url: `/api/sessions/${id}`, headers: ann.signedIn(), body, status: 200 },
    ...more,
  });

async function patched(body: unknown): Promise<Record<string, unknown>> {
  return JSON.parse((await patch(body, { rows: { activity: expectedSignal() } })).text);
}

/** A user's first change makes the record that signals activity. */
function expectedSignal(): number {
  return server.query("SELECT 1 FROM activity WHERE id = ?", ann.id).length === 0 ? 1 : 0;
}

describe("what people add to a session", () => {
  test.for<[name: string, body: unknown, answer: Record<string, unknown>]>([
    ["a title, on one line", { customTitle: "  A better\n title " }, { customTitle: "A better title" }],
    ["notes, as typed", { notes: "line 1\nline 2" }, { notes: "line 1\nline 2" }],
    ["a star", { starred: true }, { starred: true }],
    [
      "an evaluation",
      { evalReady: true, evalStatus: "golden", evalNotes: "n" },
      { evalReady: true, evalStatus: "golden" },
    ],
    ["the expected output", { expectedOutput: "42" }, { expectedOutput: "42" }],
    [
      "tags, each once, in small letters, in order",
      { tags: ["#Bug", " bug ", "Two words", "Ärger"] },
      { tags: ["bug", "two-words", "ärger"] },
    ],
    ["more tags", { addTags: ["alpha", "BUG"] }, { tags: ["alpha", "bug", "two-words", "ärger"] }],
    ["fewer tags", { removeTags: ["#bug", "unknown"] }, { tags: ["alpha", "two-words", "ärger"] }],
    ["both at once", { addTags: ["z"], removeTags: ["alpha"] }, { tags: ["two-words", "z", "ärger"] }],
    ["no star", { starred: false }, { starred: false }],
    [
      "nothing again, by null",
      { customTitle: null, notes: null, tags: null, evalStatus: null },
      { customTitle: "", tags: [] },
    ],
    ["nothing again, by emptiness", { expectedOutput: "", evalNotes: "", evalReady: false }, { expectedOutput: "" }],
    ["what there is of half a character", '{"notes":"a\\ud800b"}', { notes: expect.stringMatching(/^a\uFFFD+b$/) }],
    ["text of other scripts", { customTitle: "🦜 — 日本語" }, { customTitle: "🦜 — 日本語" }],
  ])("is %s", async ([, body, answer]) => {
    const before = agentsPart("s1");
    expect(await patched(body)).toMatchObject({ id, externalId: "s1", ...answer });
    expect(agentsPart("s1"), "what agents send").toEqual(before);
  });

  test("keeps what a request does not name", async () => {
    await patched({ notes: "kept", tags: ["kept"], starred: true });
    expect(await patched({ customTitle: "New" })).toMatchObject({ notes: "kept", tags: ["kept"], starred: true });
  });

  test("survives the next sync, and a full one finds no difference", async () => {
    await patched({ customTitle: "Mine", tags: ["mine"] });
    await push(server, ann.key, { sessions: [{ externalId: "s1", title: "Sent again", hash: 8, updatedAt: 2000 }] });
    expect(server.query("SELECT title, customTitle, tags FROM sessions WHERE id = ?", id)).toEqual([
      { title: "Sent again", customTitle: "Mine", tags: '["mine"]' },
    ]);
    const again = { sessions: [{ externalId: "s1", title: "Sent again", hash: 8, updatedAt: 2000 }] };
    expect((await push(server, ann.key, again)).changed).toEqual({ sessions: 0, messages: 0 });
  });

  test("moves the cursor of dashboards when it changes, and only then", async () => {
    const stamps = () =>
      server.query<{ id: string; syncedAt: number }>("SELECT id, syncedAt FROM sessions ORDER BY syncedAt DESC");
    await patched({ notes: "new" });
    const after = stamps();
    expect(after[0]?.id).toBe(id);
    expect(after[0]?.syncedAt).toBeGreaterThan(after[1]?.syncedAt ?? 0);
    await patched({ notes: "new", tags: ["mine"], starred: true });
    expect(stamps()).toEqual(after);
  });

  test("is signalled to dashboards", async () => {
    const rev = () => server.query<{ rev: number }>("SELECT rev FROM activity WHERE id = ?", ann.id)[0]?.rev ?? 0;
    const before = rev();
    for (let round = 0; rev() === before; round += 1) {
      if (round > 400) throw new Error("no change was signalled");
      await patched({ notes: `round ${round}` });
    }
    expect(rev()).toBe(before + 1);
  });

  test("is changed by the agent's own id, too", async () => {
    await patch({ customTitle: "By name" }, { url: "/api/sessions/s1", contains: ["By name", id] });
  });

  test("is changed with a key of scope full, too", async () => {
    await patch(
      { customTitle: "By key" },
      { headers: { Authorization: `Bearer ${annsFullKey.key}` }, contains: ["By key"] },
    );
  });
});

describe("a change is refused", () => {
  const refused = (name: string, body: unknown, text: string): ApiScenario => ({
    ...{
      name,
      method: "PATCH",
      url: () => `/api/sessions/${id}`,
      headers: ann.signedIn,
      body,
      status: 400,
      contains: [text],
    },
  });
  const as = (name: string, headers: () => Record<string, string>, status: number, text: string): ApiScenario => ({
    ...refused(name, { notes: "x" }, text),
    headers,
    status,
  });
  testScenarios(server, [
    refused("that changes nothing", {}, "nothing to change"),
    refused("that names only what agents send", { title: "x", hash: 1, user: "x" }, "nothing to change"),
    refused("that is no object", "[]", "must be a JSON object"),
    refused("with a title that is no text", { customTitle: 5 }, "customTitle: expected text"),
    refused("with a title of 501 characters", { customTitle: "x".repeat(501) }, "at most 500"),
    refused("with notes of 50,001 characters", { notes: "x".repeat(50_001) }, "at most 50000"),
    refused("with a star that is a number", { starred: 1 }, "starred: expected true or false"),
    refused("with an unknown status", { evalStatus: "great" }, "evalStatus: expected golden, correct"),
    refused("with tags that are text", { tags: "a,b" }, "tags: expected a list"),
    refused("with a tag that is no text", { tags: ["a", 5] }, "tags[1]: expected text"),
    refused("with an empty tag", { tags: ["#"] }, "tags[0]: expected a tag of 1 to 50"),
    refused("with a tag of 51 characters", { addTags: ["x".repeat(51)] }, "addTags[0]"),
    refused("with 51 tags", { tags: Array.from({ length: 51 }, (_, tag) => `t${tag}`) }, "at most 50 tags"),
    as("without a token", () => ({}), 401, "Missing Authorization"),
    as("with a key that may only sync", () => ({ Authorization: `Bearer ${ann.key}` }), 403, "scope sync"),
    as("of somebody else's session", () => ({ Authorization: ben.token }), 404, "no session with this id"),
  ]);

  test("when tags come to more than 50, and then nothing of it is kept", async () => {
    await patch({ tags: Array.from({ length: 50 }, (_, tag) => `t${tag}`) });
    await patch({ customTitle: "not kept", addTags: ["one-more"] }, { status: 400, contains: ["51 tags, at most 50"] });
    expect(server.query("SELECT customTitle FROM sessions WHERE id = ?", id)).not.toEqual([
      { customTitle: "not kept" },
    ]);
  });
});

describe("in bulk", () => {
  const bulk = (body: unknown, more: Partial<ApiRequest> = {}) =>
    runScenario(server, {
      ...{ url: "/api/sessions/bulk", headers: ann.signedIn(), body, status: 200 },
      ...more,
    });

  test("the same is done to many sessions, whose own tags stay", async () => {
    await patch({ tags: ["own"] });
    const ids = ["s1", "s2", "s3"].map(server.sessionId);
    const answer = await bulk({ action: "patch", ids, changes: { addTags: ["all"], starred: true } });
    expect(JSON.parse(answer.text)).toEqual({ ok: true, chosen: 3, changed: 3, pending: 0, next: null });
    expect(server.query("SELECT tags, starred FROM sessions ORDER BY externalId")).toEqual([
      { tags: '["all","own"]', starred: 1 },
      { tags: '["all"]', starred: 1 },
      { tags: '["all"]', starred: 1 },
    ]);
    const again = await bulk({ action: "patch", ids, changes: { addTags: ["all"], starred: true } });
    expect(JSON.parse(again.text)).toMatchObject({ chosen: 3, changed: 0 });
  });

  test("somebody else's sessions are passed over", async () => {
    const answer = await bulk(
      { action: "patch", ids: [id, "unknown"], changes: { customTitle: "Ben's" } },
      { headers: { Authorization: ben.token } },
    );
    expect(JSON.parse(answer.text)).toMatchObject({ chosen: 0, changed: 0 });
    expect(server.query("SELECT 1 FROM sessions WHERE customTitle = 'Ben''s'")).toEqual([]);
  });

  test("it is done to all that a filter lists, and to nothing else", async () => {
    const url = "/api/sessions/bulk?tag=all&title=sent";
    await bulk({ action: "patch", ids: [server.sessionId("s3")], changes: { removeTags: ["all"] } });
    const answer = await bulk({ action: "patch", matching: true, changes: { notes: "matched" } }, { url });
    expect(JSON.parse(answer.text)).toEqual({ ok: true, chosen: 2, changed: 2, pending: 0, next: null });
    expect(server.query("SELECT externalId FROM sessions WHERE notes = 'matched' ORDER BY 1")).toEqual([
      { externalId: "s1" },
      { externalId: "s2" },
    ]);
    const rest = await bulk({ action: "patch", matching: true, after: "s1", changes: { notes: "rest" } }, { url });
    expect(JSON.parse(rest.text)).toMatchObject({ chosen: 1 });
    const bens = await bulk({ action: "delete", matching: true }, { url, headers: { Authorization: ben.token } });
    expect(JSON.parse(bens.text)).toMatchObject({ chosen: 0, changed: 0 });
    await bulk(
      { action: "delete", matching: true },
      { url: "/api/sessions/bulk?tagg=all", status: 400, contains: ["tagg"] },
    );
  });

  test("what a filter lists is done ten thousand at a time", async () => {
    const carl = await createUser(server);
    const { key } = await createKey(server, carl);
    for (let batch = 0; batch < 3; batch += 1) {
      const sessions = Array.from({ length: 3_400 }, (_, n) => ({ externalId: `many-${batch}-${n}`, source: "pi" }));
      await push(server, key, { sessions });
    }
    const headers = { Authorization: carl.token };
    const body = { action: "patch", matching: true, changes: { addTags: ["seen"] } };
    const first = JSON.parse((await bulk(body, { headers })).text);
    expect(first).toMatchObject({ chosen: 10_000, changed: 10_000, next: expect.stringMatching(/^many-2-/) });
    const second = JSON.parse((await bulk({ ...body, after: first.next }, { headers })).text);
    expect(second).toMatchObject({ chosen: 200, changed: 200, next: null });
    expect(server.query("SELECT count(*) AS n FROM sessions WHERE tags = ? AND user = ?", '["seen"]', carl.id)).toEqual(
      [{ n: 10_200 }],
    );
  });

  test.for<[name: string, body: unknown, status: number, text: string]>([
    ["with ids and a filter", { action: "delete", ids: [], matching: true }, 400, "either this or ids"],
    ["without an action", { ids: [] }, 400, "action: expected patch, delete, restore, purge"],
    ["without ids", { action: "delete" }, 400, "ids: expected a list"],
    ["with ids that are no texts", { action: "delete", ids: [1] }, 400, "ids[0]: expected text, got integer"],
    ["without changes", { action: "patch", ids: [] }, 400, "nothing to change"],
    ["with changes that are a list", { action: "patch", ids: [], changes: [] }, 400, "changes: expected an object"],
    [
      "with 10,001 ids",
      { action: "delete", ids: Array.from({ length: 10_001 }, (_, n) => `${n}`) },
      413,
      "at most 10000",
    ],
  ])("a request %s is refused", async ([, body, status, text]) => {
    await bulk(body, { status, contains: [text] });
  });
});

test("the client changes, deletes and restores, and names what is refused", async () => {
  const client = new OpenSyncClient({ url: server.url, apiKey: annsFullKey.key });
  await push(server, ann.key, { sessions: [{ externalId: "by client/1" }] });
  const name = "by client/1";
  expect(await changeSession(client, name, { addTags: ["x"], starred: true })).toMatchObject({
    tags: ["x"],
    starred: true,
  });
  expect(await deleteSession(client, name)).toEqual({ ok: true, deleted: 1, purged: 0, pending: 0 });
  await expect(changeSession(client, name, { notes: "n" })).rejects.toMatchObject({ name: "DeletedError" });
  expect(await restoreSession(client, name)).toEqual({ ok: true, restored: 1, content: "restored" });
  const request = { matching: true, changes: { removeTags: ["x"] } };
  expect(await changeSessions(client, { action: "patch", ...request }, { filter: { tag: "x" } })).toMatchObject({
    chosen: 1,
    changed: 1,
  });
  await expect(deleteSession(client, "unknown")).rejects.toMatchObject({ name: "NotFoundError" });
  const mayOnlySync = new OpenSyncClient({ url: server.url, apiKey: ann.key });
  await expect(deleteSession(mayOnlySync, name)).rejects.toMatchObject({ name: "ScopeError" });
});
