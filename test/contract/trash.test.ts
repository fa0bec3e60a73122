import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import PocketBase from "pocketbase";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EMPTIED_COLUMNS, TOMBSTONE_COLUMNS } from "../../pb_hooks/curation/sql.ts";
import { type ApiScenario, runScenario } from "../support/api-scenario.ts";
import { superuser } from "../support/pocketbase.ts";
import { push } from "../support/push.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { createKey, createUser, startServer, type TestServer, type TestUser } from "../support/server.ts";
import { until } from "../support/until.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

let server: TestServer;
let ann: TestUser;
let ben: TestUser;
let syncKey = "";
let fullKey = "";

beforeAll(async () => {
  server = await startServer();
  [ann, ben] = [await createUser(server), await createUser(server)];
  syncKey = (await createKey(server, ann)).key;
  fullKey = (await createKey(server, ann, { scope: "full" })).key;
});

afterAll(() => server.stop());

let round = 0;
/** A parent with a child and a grandchild, a fork that repeats the parent's paid answer, and one session beside them. */
let names: Record<"parent" | "child" | "grandchild" | "fork" | "other", string>;

beforeEach(async () => {
  round += 1;
  const name = (of: string) => `${of}-${round}`;
  names = {
    ...{ parent: name("parent"), child: name("child"), grandchild: name("grandchild") },
    ...{ fork: name("fork"), other: name("other") },
  };
  await push(server, syncKey, family());
});

function family() {
  const session = (externalId: string, more: object = {}) => ({
    ...{
      externalId,
      source: "pi",
      title: `Title of ${externalId}`,
      projectPath: "/secret/path",
      meta: { secret: "meta" },
    },
    ...{ todos: [{ content: "a todo", status: "done" }], hash: 9, updatedAt: 5000, createdAt: 1000, device: "desk" },
    ...{ model: "m", provider: "p", gitBranch: "main", agentVersion: "1", durationMs: 4 },
    ...more,
  });
  const answer = (sessionExternalId: string, responseId: string, output: number) => ({
    ...{
      sessionExternalId,
      externalId: `answer-${sessionExternalId}`,
      role: "assistant",
      createdAt: 2000,
      hash: output,
    },
    ...{
      responseId,
      tokens: { output },
      cost: 0.25,
      costSource: "reported",
      textContent: `words of ${sessionExternalId}`,
    },
    parts: [{ type: "tool-call", content: { id: "1", toolName: "bash", args: { command: "ls" } } }],
  });
  return {
    sessions: [
      session(names.parent),
      session(names.child, { parentExternalId: names.parent }),
      session(names.grandchild, { parentExternalId: names.child }),
      session(names.fork, { forkedFrom: names.parent }),
      session(names.other),
    ],
    messages: [
      answer(names.parent, `paid-${round}`, 7),
      answer(names.child, `child-${round}`, 5),
      answer(names.grandchild, "", 3),
      // A fork's copy of an answer never has more output than the original; this one was cut.
      answer(names.fork, `paid-${round}`, 6),
      answer(names.other, `other-${round}`, 2),
    ],
  };
}

/** Every way to read what is in sessions. */
const READERS = [
  "/api/sessions?limit=500",
  "/api/sessions/facets",
  "/api/sessions/{id}",
  "/api/sessions/get?id={id}",
  "/api/usage?by=project,model",
  "/api/stats",
  "/api/export?id={id}",
  "/api/search?v=2&q={words}",
  "/api/search?q={words}",
  "/api/context?q={words}",
];

const withoutTimes = (answer: string) => answer.replaceAll(/"(?:syncedAt|exportedAt|took|elapsed\w*)":\d+/g, "");

const rowId = (externalId: string) =>
  String(server.query<{ id: string }>("SELECT id FROM sessions WHERE externalId = ?", externalId)[0]?.id);

async function call(method: string, path: string, more: Partial<ApiScenario> = {}): Promise<Record<string, unknown>> {
  const rows = server.query("SELECT 1 FROM activity WHERE id = ?", ann.id).length === 0 ? { activity: 1 } : {};
  const scenario = { name: "", method, url: path, headers: { Authorization: ann.token }, status: 200, rows, ...more };
  return JSON.parse((await runScenario(server, scenario)).text || "{}");
}

const remove = (externalId: string) => call("DELETE", `/api/sessions/${rowId(externalId)}`);
const restore = (externalId: string) => call("POST", `/api/sessions/${rowId(externalId)}/restore`);
const deleted = () =>
  server
    .query<{ externalId: string }>(
      "SELECT externalId FROM sessions WHERE deletedAt > 0 AND externalId LIKE ? ORDER BY 1",
      `%-${round}`,
    )
    .map(({ externalId }) => externalId);

/** Nano-USD of what counts in sessions that are there. */
const spent = () =>
  server.query(
    `SELECT s.externalId, sum(u.costNano) AS nano FROM usage u JOIN sessions s ON s.id = u.session
     WHERE s.deletedAt = 0 AND u.costSource <> 'copy' AND s.externalId LIKE ? GROUP BY s.externalId HAVING nano > 0 ORDER BY 1`,
    `%-${round}`,
  );

/** All rows of this round, but for the times by which dashboards and the trash know them. */
const everything = () =>
  ["sessions", "messages", "session_digests", "usage"].map((table) => {
    const own = `SELECT id FROM sessions WHERE externalId LIKE '%-${round}'`;
    const column = { sessions: "id", messages: "session", session_digests: "session", usage: "session" }[table];
    const rows = server.query(`SELECT * FROM ${table} WHERE ${column} IN (${own}) ORDER BY 1, 2, 3, 4, 5`);
    return rows.map(({ syncedAt: _sync, changes: _changes, ...row }) => row);
  });

async function digests(): Promise<{ sessionIds: string[]; digests: Record<string, number[]>; deleted: string[] }> {
  const headers = { Authorization: `Bearer ${syncKey}` };
  return (await fetch(`${server.url}/sync/sessions/list?digests=1`, { headers })).json() as never;
}

describe("a deleted session", () => {
  test.each(READERS)("is not read any more by %s, until it is restored", async (url) => {
    const id = rowId(names.other);
    const read = async () => {
      const path = url.replace("{id}", id).replace("{words}", encodeURIComponent(`"words of ${names.other}"`));
      return (await fetch(server.url + path, { headers: { Authorization: ann.token } })).text();
    };
    await call("PATCH", `/api/sessions/${id}`, { body: { tags: [`tag-${round}`], customTitle: names.other } });
    const before = await read();
    expect(before).toContain(String(round));
    await remove(names.other);
    expect(await read()).not.toBe(before);
    expect(await read()).not.toContain(names.other);
    await restore(names.other);
    expect(withoutTimes(await read())).toBe(withoutTimes(before));
  });

  test("is read in the trash", async () => {
    await remove(names.other);
    const trash = await call("GET", "/api/sessions?status=deleted");
    expect(JSON.stringify(trash)).toContain(names.other);
    await call("GET", `/api/sessions/${rowId(names.other)}?status=deleted`, { contains: [names.other] });
  });

  test("goes into the trash with what its agent started, not with what was forked from it", async () => {
    expect(await remove(names.parent)).toEqual({ ok: true, deleted: 3, purged: 0, pending: 0 });
    expect(deleted()).toEqual([names.child, names.grandchild, names.parent]);
    const times = server.query<{ left: number }>(
      "SELECT purgeAt - deletedAt AS left FROM sessions WHERE deletedAt > 0 AND externalId LIKE ?",
      `%-${round}`,
    );
    expect(new Set(times.map(({ left }) => left))).toEqual(new Set([30 * DAY_MS]));
  });

  test("leaves its paid answer to the copy that is still there", async () => {
    const before = spent();
    expect(before).toContainEqual({ externalId: names.parent, nano: 250_000_000 });
    await remove(names.parent);
    expect(spent()).toEqual([
      { externalId: names.fork, nano: 250_000_000 },
      { externalId: names.other, nano: 250_000_000 },
    ]);
    await restore(names.parent);
    expect(spent()).toEqual(before);
  });

  test("comes back exactly as it was", async () => {
    const before = everything();
    const listed = await digests();
    await remove(names.parent);
    expect(everything()).not.toEqual(before);
    expect(await restore(names.parent)).toEqual({ ok: true, restored: 3, content: "restored" });
    expect(everything()).toEqual(before);
    expect(await digests()).toEqual(listed);
    expect(searchIndexDifferences(server.dataDir)).toEqual([]);
    expect((await push(server, syncKey, family())).changed).toEqual({ sessions: 0, messages: 0 });
  });

  test("comes back without what had been deleted before it", async () => {
    await remove(names.grandchild);
    await remove(names.parent);
    await restore(names.parent);
    expect(deleted()).toEqual([names.grandchild]);
  });

  test("is deleted and restored once, however often it is asked for", async () => {
    await remove(names.parent);
    const before = everything();
    expect(await remove(names.parent)).toMatchObject({ deleted: 0 });
    expect(everything()).toEqual(before);
    await restore(names.parent);
    expect(await restore(names.parent)).toMatchObject({ restored: 0 });
  });

  test("is told to machines that sync, and refuses what they push", async () => {
    const listed = await digests();
    await remove(names.other);
    const after = await digests();
    expect(after.deleted).toEqual([...listed.deleted, names.other].toSorted());
    expect(after.sessionIds).toEqual(listed.sessionIds);
    expect(after.digests).toEqual(listed.digests);
    const before = everything();
    const { errors, changed } = await push(server, syncKey, {
      sessions: [{ externalId: names.other, title: "again", hash: 99, updatedAt: 9999 }],
      messages: [{ sessionExternalId: names.other, externalId: "new", role: "user", hash: 1 }],
    });
    expect(errors).toEqual([
      `sessions[0] ${names.other}: deleted on the dashboard; restore it there to sync again`,
      "messages[0] new: deleted on the dashboard; restore it there to sync again",
    ]);
    expect(changed).toEqual({ sessions: 0, messages: 0 });
    expect(everything()).toEqual(before);
  });

  test("is not changed in the trash", async () => {
    await remove(names.other);
    const body = { customTitle: "new" };
    await call("PATCH", `/api/sessions/${rowId(names.other)}`, { body, status: 410, contains: ["restore it"] });
  });

  test("is told to dashboards", async () => {
    await remove(names.other);
    const newest = server.query(
      "SELECT externalId FROM sessions WHERE user = ? ORDER BY syncedAt DESC LIMIT 1",
      ann.id,
    );
    expect(newest).toEqual([{ externalId: names.other }]);
  });

  test("keeps its place in the trash also when an administrator deleted it", async () => {
    const admin = new PocketBase(server.url);
    await admin.collection("_superusers").authWithPassword(superuser.email, superuser.password);
    const now = Date.now();
    await admin.collection("sessions").update(rowId(names.other), { deletedAt: now });
    const time = () => server.query("SELECT purgeAt FROM sessions WHERE externalId = ?", names.other);
    expect(time()).toEqual([{ purgeAt: now + 30 * DAY_MS }]);
    await admin.collection("sessions").update(rowId(names.other), { deletedAt: 0 });
    expect(time()).toEqual([{ purgeAt: 0 }]);
  });
});

describe("the content of a deleted session", () => {
  /** What an hour of waiting for thirty days would bring. */
  function makeDue(externalId: string): void {
    const database = new DatabaseSync(join(server.dataDir, "data.db"), { timeout: 10_000 });
    database.prepare("UPDATE sessions SET purgeAt = 1 WHERE externalId = ? AND purgeAt > 0").run(externalId);
    database.close();
  }

  const tombstone = (externalId: string) =>
    server.query<Record<string, unknown>>("SELECT * FROM sessions WHERE externalId = ?", externalId)[0];

  test("goes after thirty days, and the id stays", async () => {
    await remove(names.other);
    const id = rowId(names.other);
    makeDue(names.other);
    // The job of PocketBase's clock runs every minute; this is the same job, run by hand.
    const admin = new PocketBase(server.url);
    await admin.collection("_superusers").authWithPassword(superuser.email, superuser.password);
    await admin.crons.run("opensyncTrash");
    await until("the content is gone", () => tombstone(names.other)?.["purgeAt"] === 0);
    expectNothingLeft(id, names.other);
  });

  test("goes at once when that is asked for, with what its agent started", async () => {
    const ids = [names.parent, names.child, names.grandchild].map(rowId);
    const url = `/api/sessions/${rowId(names.parent)}?permanently=1`;
    expect(await call("DELETE", url, { rows: { messages: -3 } })).toEqual({
      ok: true,
      deleted: 0,
      purged: 3,
      pending: 0,
    });
    for (const [index, name] of [names.parent, names.child, names.grandchild].entries()) {
      expectNothingLeft(String(ids[index]), name);
    }
    expect(spent().map(({ externalId }) => externalId)).toEqual([names.fork, names.other]);
  });

  test("goes out of the trash at once, too", async () => {
    await remove(names.other);
    const id = rowId(names.other);
    await call("DELETE", `/api/sessions/${id}?permanently=1`, { rows: { messages: -1 } });
    expectNothingLeft(id, names.other);
  });

  test("does not come back with a sync of everything, until the session is restored", async () => {
    const id = rowId(names.other);
    await call("DELETE", `/api/sessions/${id}?permanently=1`, { rows: { messages: -1 } });
    expect((await digests()).deleted).toContain(names.other);
    const refused = await push(server, syncKey, family());
    expect(refused.errors).toHaveLength(2);
    expect(await call("POST", `/api/sessions/${id}/restore`, { rows: { sessions: -1 } })).toEqual({
      ...{ ok: true, restored: 1, content: "gone" },
    });
    expect((await push(server, syncKey, family())).errors).toEqual([]);
    expect(everything().map((rows) => rows.length)).toEqual([5, 5, 5, 5]);
  });

  test("is not taken away by a key, whatever its scope", async () => {
    const headers = { Authorization: `Bearer ${fullKey}` };
    const url = `/api/sessions/${rowId(names.other)}?permanently=1`;
    await call("DELETE", url, { headers, status: 401, contains: ["signed-in user"] });
    const body = { action: "purge", ids: [rowId(names.other)] };
    await call("POST", "/api/sessions/bulk", { headers, body, status: 401 });
    expect(deleted()).toEqual([]);
  });

  test("is not taken away by an archive that says so, either", async () => {
    const states = { state: { externalId: names.other, deletedAt: 1, purgeAt: 1 } };
    const ofFork = { tombstone: { externalId: names.fork, source: "pi", deletedAt: 1 } };
    const lines = `${JSON.stringify(states)}\n${JSON.stringify(ofFork)}\n`;
    const check = { check: { sha256: createHash("sha256").update(lines).digest("hex") } };
    const headers = { Authorization: `Bearer ${fullKey}` };
    const before = Date.now();
    await call("POST", "/api/archive", { headers, body: `${lines}${JSON.stringify(check)}\n` });
    expect(deleted()).toEqual([names.other]);
    expect(tombstone(names.other)?.["purgeAt"]).toBeGreaterThan(before + 6 * DAY_MS);
    expect(await restore(names.other)).toMatchObject({ restored: 1, content: "restored" });
  });

  function expectNothingLeft(id: string, externalId: string): void {
    const row = tombstone(externalId) ?? {};
    const filled = Object.entries(row).filter(([, value]) => value !== "" && value !== 0 && value !== null);
    expect(filled.map(([name]) => name).toSorted()).toEqual(TOMBSTONE_COLUMNS.toSorted());
    for (const table of ["messages", "usage", "session_digests"]) {
      expect(server.query(`SELECT 1 FROM ${table} WHERE session = ?`, id), table).toEqual([]);
    }
    expect(searchIndexDifferences(server.dataDir)).toEqual([]);
  }

  test("is every column of a session but those of a tombstone", () => {
    const columns = server
      .query<{ name: string }>("SELECT name FROM pragma_table_info('sessions')")
      .map(({ name }) => name);
    const known = [...TOMBSTONE_COLUMNS, ...Object.values(EMPTIED_COLUMNS).flat()];
    expect(known.toSorted()).toEqual(columns.toSorted());
  });
});

describe("in bulk", () => {
  test("sessions are deleted, restored and purged", async () => {
    const ids = [names.parent, names.other].map(rowId);
    const bulk = (action: string, messages = 0) =>
      call("POST", "/api/sessions/bulk", { body: { action, ids }, rows: messages === 0 ? {} : { messages } });
    expect(await bulk("delete")).toEqual({ ok: true, chosen: 2, changed: 4, pending: 0, next: null });
    expect(deleted()).toEqual([names.child, names.grandchild, names.other, names.parent]);
    expect(await bulk("restore")).toEqual({ ok: true, chosen: 2, changed: 4, pending: 0, next: null });
    expect(deleted()).toEqual([]);
    expect(await bulk("purge", -4)).toEqual({ ok: true, chosen: 2, changed: 4, pending: 0, next: null });
    expect(everything().map((rows) => rows.length)).toEqual([5, 1, 1, 1]);
  });
});

test("somebody else's session is not there to delete, to restore or to purge", async () => {
  const headers = { Authorization: ben.token };
  const before = everything();
  const id = rowId(names.other);
  for (const [method, path] of [
    ["DELETE", `/api/sessions/${id}`],
    ["DELETE", `/api/sessions/${id}?permanently=1`],
    ["POST", `/api/sessions/${id}/restore`],
  ] as const) {
    await call(method, path, { headers, status: 404, contains: ["no session with this id"] });
  }
  for (const action of ["delete", "restore", "purge"]) {
    const answer = await call("POST", "/api/sessions/bulk", { headers, body: { action, ids: [id] } });
    expect(answer).toMatchObject({ chosen: 0, changed: 0 });
  }
  expect(everything()).toEqual(before);
});
