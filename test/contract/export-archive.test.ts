import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { archiveOf, importInto, requestArchive, rowsOf, verified } from "../support/archive.ts";
import { histories, renamed } from "../support/histories.ts";
import { push } from "../support/push.ts";
import { freshSeed } from "../support/random.ts";
import { createUser } from "../support/server.ts";
import { sharedAccount, sharedKey, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

const seed = freshSeed();

const server = sharedServer();
const other = sharedServer();
const ann = sharedAccount(server, { scope: "full", device: "laptop" });
const annsSyncKey = sharedKey(server, ann);

/** Number of entries in the server's log. */
const logged = (message: string) =>
  Number(server.queryLog("SELECT count(*) AS n FROM _logs WHERE message = ?", message)[0]?.["n"]);

async function curate(id: string, changes: object) {
  const { status, text } = await ann.ask(`/api/sessions/${id}`, { method: "PATCH", body: JSON.stringify(changes) });
  expect(status, text).toBe(200);
}

describe("the archive of an account", () => {
  beforeAll(async () => {
    for (const [index, history] of fc.sample(histories(), { seed, numRuns: 12 }).entries()) {
      for (const batch of renamed(history, `h${index}`).requests) await push(server, ann.key, batch);
    }
    // Larger than a piece in messages, and in one message alone; prices of ours; texts at the edges of JSON.
    const priced = {
      model: "claude-opus-4-8",
      provider: "anthropic",
      tokens: { input: 5, cacheWrite: 9, cacheWrite1h: 4 },
    };
    await push(server, ann.key, {
      sessions: [{ externalId: "large", hash: 1, updatedAt: 9, ...priced, cost: 0.5, costSource: "computed" }],
      messages: Array.from({ length: 1234 }, (_, index) => ({
        ...{ sessionExternalId: "large", externalId: `m${index}`, role: "assistant", hash: index + 1, ...priced },
        ...{
          createdAt: 1_790_000_000_000 + (index % 7),
          updatedAt: index,
          textContent: `}}"\\\n\u2028\t{:name} {{x}} [[y]] ${index}`,
        },
        parts: [{ type: "data", content: { n: null, a: [null, 1.5, 1e21, "é\u{1F600}"], o: {} }, meta: { k: null } }],
        meta: { deep: { n: null } },
      })),
    });
    await push(server, ann.key, {
      messages: [{ sessionExternalId: "wide", externalId: "m", role: "tool", textContent: "é".repeat(2_000_000) }],
    });
    await curate(server.sessionId("large"), {
      ...{ customTitle: "Mine", tags: ["b", "a"], notes: "n\nn", starred: true },
      ...{ evalReady: true, evalStatus: "golden", evalNotes: "e", expectedOutput: "o" },
    });
    await curate(server.sessionId("h0-a"), { tags: ["x"] });
    await ann.ask(`/api/sessions/${server.sessionId("h1-a")}`, { method: "DELETE" });
    const purge = `${server.url}/api/sessions/${server.sessionId("h2-a")}?permanently=1`;
    await fetch(purge, { method: "DELETE", headers: ann.signedIn() });
  }, 60_000);

  test("comes back row by row on another server, and as the same lines from there", async () => {
    const archive = await archiveOf(server, `Bearer ${ann.key}`);
    const { header, data, end } = verified(archive);
    const [counted] = server.query(
      "SELECT count(*) AS sessions, (SELECT count(*) FROM messages WHERE user = s.user) AS messages FROM sessions s WHERE user = ?",
      ann.id,
    );
    expect(header).toMatchObject({ format: "opensync-archive", version: 2, after: "", ...counted });
    expect(end).toMatchObject({ ...counted });

    const reader = await createUser(other);
    const imported = await importInto(other, reader.token, archive);
    expect(imported).toMatchObject({ errors: [], messages: counted?.["messages"] });
    expect(imported.requests).toBeGreaterThan(1);
    expect(rowsOf(other, reader.id)).toEqual(rowsOf(server, ann.id));
    expect(verified(await archiveOf(other, reader.token)).data).toEqual(data);

    const stamps = () => [
      ...other.query("SELECT externalId, syncedAt FROM sessions WHERE user = ? ORDER BY externalId", reader.id),
      ...other.query("SELECT id, syncedAt FROM messages WHERE user = ? ORDER BY id", reader.id),
    ];
    const before = stamps();
    const again = await importInto(other, reader.token, archive);
    expect(again.errors.every((text) => text.includes("deleted on the dashboard"))).toBe(true);
    expect(again.changed, "once more writes nothing").toBe(0);
    expect(stamps()).toEqual(before);
    expect(rowsOf(other, reader.id)).toEqual(rowsOf(server, ann.id));
  }, 120_000);

  test("can be taken up again behind a session", async () => {
    const { data } = verified(await archiveOf(server, ann.token));
    const from = data.findIndex((line) => line.startsWith('{"state":{"externalId":"h5-b"'));
    const { header, data: rest } = verified(await archiveOf(server, ann.token, "?after=h5-b"));
    expect(header.after).toBe("h5-b");
    expect(rest).toEqual(data.slice(from + 1));
  });

  test("has nothing of other accounts", async () => {
    const stranger = await createUser(server);
    const { header, data } = verified(await archiveOf(server, stranger.token));
    expect(header).toMatchObject({ sessions: 0, messages: 0 });
    expect(data).toEqual([]);
  });

  test("does not overwrite what is newer, nor what somebody has added since", async () => {
    const ben = await createAccount(other);
    await push(other, ben.key, {
      sessions: [{ externalId: "large", hash: 8, updatedAt: 99, title: "Newer" }],
      messages: [{ sessionExternalId: "large", externalId: "m3", role: "assistant", hash: 77, updatedAt: 99_999 }],
    });
    const [session] = other.query("SELECT id FROM sessions WHERE user = ?", ben.id);
    const body = JSON.stringify({ notes: "mine" });
    const headers = ben.signedIn();
    await fetch(`${other.url}/api/sessions/${session?.["id"]}`, { method: "PATCH", headers, body });
    await importInto(other, ben.token, await archiveOf(server, ann.token));
    expect(
      other.query(
        "SELECT title, notes, customTitle, starred FROM sessions WHERE user = ? AND externalId = 'large'",
        ben.id,
      ),
    ).toEqual([{ title: "Newer", notes: "mine", customTitle: "Mine", starred: 1 }]);
    expect(
      other.query("SELECT hash FROM messages WHERE user = ? AND externalId = 'm3' AND updatedAt = 99999", ben.id),
    ).toEqual([{ hash: 77 }]);
  });

  test("ends with its reader, and that is no error of the server", async () => {
    const reading = new AbortController();
    const answer = await fetch(`${server.url}/api/archive`, {
      headers: ann.withKey(),
      signal: reading.signal,
    });
    await answer.body?.getReader().read();
    reading.abort();
    await until("the server has noticed", () => logged("/api/archive was not read to its end") === 1);
    expect(logged("/api/archive broke off")).toBe(0);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  test.for<readonly [who: string, authorization: () => string, status: number]>([
    ["nobody", () => "", 401],
    ["a key that may only sync", () => `Bearer ${annsSyncKey.key}`, 403],
  ])("is not for %s", async ([, authorization, status]) => {
    expect((await requestArchive(server, "GET", authorization())).status).toBe(status);
    expect((await requestArchive(server, "POST", authorization(), { body: "" })).status).toBe(status);
  });
});
