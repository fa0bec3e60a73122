import { describe, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { administrator } from "../support/server.ts";
import { sharedAccount, sharedServer, sharedUser } from "../support/shared.ts";
import { familyOfEachTest } from "../support/trash.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const server = sharedServer();
const ann = sharedAccount(server);
const ben = sharedUser(server);
const { names, round, pushAgain, call, remove, restore, deleted, spent, everything, digests } = familyOfEachTest(
  server,
  ann,
);

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

describe("a deleted session", () => {
  test.each(READERS)("is not read any more by %s, until it is restored", async (url) => {
    const id = server.sessionId(names.other);
    const read = async () => {
      const path = url.replace("{id}", id).replace("{words}", encodeURIComponent(`"words of ${names.other}"`));
      return (await fetch(server.url + path, { headers: ann.signedIn() })).text();
    };
    await call("PATCH", `/api/sessions/${id}`, { body: { tags: [`tag-${round()}`], customTitle: names.other } });
    const before = await read();
    expect(before).toContain(String(round()));
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
    await call("GET", `/api/sessions/${server.sessionId(names.other)}?status=deleted`, { contains: [names.other] });
  });

  test("goes into the trash with what its agent started, not with what was forked from it", async () => {
    expect(await remove(names.parent)).toEqual({ ok: true, deleted: 3, purged: 0, pending: 0 });
    expect(deleted()).toEqual([names.child, names.grandchild, names.parent]);
    const times = server.query<{ left: number }>(
      "SELECT purgeAt - deletedAt AS left FROM sessions WHERE deletedAt > 0 AND externalId LIKE ?",
      `%-${round()}`,
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
    expect((await pushAgain()).changed).toEqual({ sessions: 0, messages: 0 });
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
    const { errors, changed } = await push(server, ann.key, {
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
    await call("PATCH", `/api/sessions/${server.sessionId(names.other)}`, {
      body,
      status: 410,
      contains: ["restore it"],
    });
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
    const admin = await administrator(server);
    const now = Date.now();
    await admin.collection("sessions").update(server.sessionId(names.other), { deletedAt: now });
    const time = () => server.query("SELECT purgeAt FROM sessions WHERE externalId = ?", names.other);
    expect(time()).toEqual([{ purgeAt: now + 30 * DAY_MS }]);
    await admin.collection("sessions").update(server.sessionId(names.other), { deletedAt: 0 });
    expect(time()).toEqual([{ purgeAt: 0 }]);
  });
});

describe("in bulk", () => {
  test("sessions are deleted, restored and purged", async () => {
    const ids = [names.parent, names.other].map(server.sessionId);
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
  const headers = ben.signedIn();
  const before = everything();
  const id = server.sessionId(names.other);
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
