import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { EMPTIED_COLUMNS, TOMBSTONE_COLUMNS } from "../../pb_hooks/curation/sql.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { administrator } from "../support/server.ts";
import { sharedAccount, sharedKey, sharedServer } from "../support/shared.ts";
import { familyOfEachTest } from "../support/trash.ts";
import { until } from "../support/until.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const server = sharedServer();
const ann = sharedAccount(server);
const annsFullKey = sharedKey(server, ann, { scope: "full" });
const { names, pushAgain, call, remove, restore, deleted, spent, everything, digests } = familyOfEachTest(server, ann);

describe("the content of a deleted session", () => {
  /** What an hour of waiting for thirty days would bring. */
  function makeDue(externalId: string): void {
    server.change("UPDATE sessions SET purgeAt = 1 WHERE externalId = ? AND purgeAt > 0", externalId);
  }

  const tombstone = (externalId: string) =>
    server.query<Record<string, unknown>>("SELECT * FROM sessions WHERE externalId = ?", externalId)[0];

  test("goes after thirty days, and the id stays", async () => {
    await remove(names.other);
    const id = server.sessionId(names.other);
    makeDue(names.other);
    // The job of PocketBase's clock runs every minute; this is the same job, run by hand.
    const admin = await administrator(server);
    await admin.crons.run("opensyncTrash");
    await until("the content is gone", () => tombstone(names.other)?.["purgeAt"] === 0);
    expectNothingLeft(id, names.other);
  });

  test("goes at once when that is asked for, with what its agent started", async () => {
    const ids = [names.parent, names.child, names.grandchild].map(server.sessionId);
    const url = `/api/sessions/${server.sessionId(names.parent)}?permanently=1`;
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
    const id = server.sessionId(names.other);
    await call("DELETE", `/api/sessions/${id}?permanently=1`, { rows: { messages: -1 } });
    expectNothingLeft(id, names.other);
  });

  test("does not come back with a sync of everything, until the session is restored", async () => {
    const id = server.sessionId(names.other);
    await call("DELETE", `/api/sessions/${id}?permanently=1`, { rows: { messages: -1 } });
    expect((await digests()).deleted).toContain(names.other);
    const refused = await pushAgain();
    expect(refused.errors).toHaveLength(2);
    expect(await call("POST", `/api/sessions/${id}/restore`, { rows: { sessions: -1 } })).toEqual({
      ...{ ok: true, restored: 1, content: "gone" },
    });
    expect((await pushAgain()).errors).toEqual([]);
    expect(everything().map((rows) => rows.length)).toEqual([5, 5, 5, 5]);
  });

  test("is not taken away by a key, whatever its scope", async () => {
    const headers = annsFullKey.withKey();
    const url = `/api/sessions/${server.sessionId(names.other)}?permanently=1`;
    await call("DELETE", url, { headers, status: 401, contains: ["signed-in user"] });
    const body = { action: "purge", ids: [server.sessionId(names.other)] };
    await call("POST", "/api/sessions/bulk", { headers, body, status: 401 });
    expect(deleted()).toEqual([]);
  });

  test("is not taken away by an archive that says so, either", async () => {
    const states = { state: { externalId: names.other, deletedAt: 1, purgeAt: 1 } };
    const ofFork = { tombstone: { externalId: names.fork, source: "pi", deletedAt: 1 } };
    const lines = `${JSON.stringify(states)}\n${JSON.stringify(ofFork)}\n`;
    const check = { check: { sha256: createHash("sha256").update(lines).digest("hex") } };
    const headers = annsFullKey.withKey();
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
