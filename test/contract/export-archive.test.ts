import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { archiveBodies, archiveHeaderSchema, archiveLineSchema, importAnswerSchema } from "@opensync/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { histories, renamed } from "../support/histories.ts";
import { push } from "../support/push.ts";
import { createKey, createUser, startServer, type TestServer, type TestUser } from "../support/server.ts";
import { until } from "../support/until.ts";

const seed = Number(process.env["FAST_CHECK_SEED"] ?? Date.now() % 2 ** 31);

let server: TestServer;
let other: TestServer;
let user: TestUser;
let key = "";

beforeAll(async () => {
  [server, other] = await Promise.all([startServer(), startServer()]);
  user = await createUser(server);
  ({ key } = await createKey(server, user, { scope: "full", device: "laptop" }));
  console.log(`seed of the histories: ${seed} (FAST_CHECK_SEED=${seed} repeats them)`);
});

afterAll(() => Promise.all([server.stop(), other.stop()]));

async function request(at: TestServer, method: string, path: string, authorization: string, body?: string) {
  const headers = { Authorization: authorization };
  const answer = await fetch(at.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

async function archiveOf(at: TestServer, authorization: string, query = ""): Promise<string> {
  const { status, text } = await request(at, "GET", `/api/archive${query}`, authorization);
  expect(status, text.slice(0, 300)).toBe(200);
  return text;
}

/** Imports an archive that arrives in chunks of a prime length; returns the sums of the answers. */
async function importInto(at: TestServer, authorization: string, archive: string) {
  const sums = { requests: 0, sessions: 0, messages: 0, changed: 0, errors: [] as string[] };
  for await (const body of archiveBodies(inChunks(archive))) {
    const { status, text } = await request(at, "POST", "/api/archive", authorization, body);
    expect(status, text).toBe(200);
    const { sessions, messages, changed, errors } = importAnswerSchema.parse(JSON.parse(text));
    sums.requests += 1;
    sums.sessions += sessions;
    sums.messages += messages;
    sums.changed += changed.sessions + changed.messages;
    sums.errors.push(...errors);
  }
  return sums;
}

async function* inChunks(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 65_537) yield text.slice(at, at + 65_537);
}

/** Checks every digest of an archive as its format is described, and returns its data lines. */
function verified(archive: string) {
  const [first = "", ...lines] = archive.split("\n").slice(0, -1);
  const header = archiveHeaderSchema.parse(JSON.parse(first));
  const data: string[] = [];
  let [piece, digest] = [`${first}\n`, ""];
  let end: { sessions: number; messages: number } | undefined;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  for (const text of lines) {
    const line = archiveLineSchema.parse(JSON.parse(text));
    expect(end, "nothing comes after the end").toBeUndefined();
    if ("check" in line) {
      expect(sha256(piece)).toBe(line.check.sha256);
      digest = sha256(digest + line.check.sha256);
      piece = "";
    } else if ("end" in line) {
      expect(line.end.sha256).toBe(digest);
      end = line.end;
    } else {
      piece += `${text}\n`;
      data.push(text);
    }
  }
  return { header, data, end };
}

/** All that a user has, keyed by the ids of the wire, without what is of one server alone: ids of rows, times of storing. */
function rowsOf(at: TestServer, userId: string) {
  const own = ["id", "user", "session", "syncedAt"];
  const strip = (row: Record<string, unknown>) => {
    // What a client once computed has no meaning any more where an agent has reported the cost, and does not travel.
    const computed = row["costSource"] === "reported" ? { ownCost: 0, stated: Number(row["stated"]) & ~256 } : {};
    return Object.fromEntries(Object.entries({ ...row, ...computed }).filter(([name]) => !own.includes(name)));
  };
  const messages = at.query(
    `SELECT m.*, s.externalId AS inSession, row_number() OVER (PARTITION BY s.id ORDER BY m.createdAt, m.rowid) AS place
     FROM messages m JOIN sessions s ON s.id = m.session WHERE s.user = ? ORDER BY s.externalId, m.externalId`,
    userId,
  );
  const sessions = at.query("SELECT * FROM sessions WHERE user = ? ORDER BY externalId", userId);
  const usage = at.query(
    `SELECT s.externalId, u.* FROM usage u JOIN sessions s ON s.id = u.session WHERE s.user = ?
     ORDER BY s.externalId, u.slot, u.model, u.provider, u.costSource`,
    userId,
  );
  const digests = at.query(
    `SELECT s.externalId, d.messages, d.hashSum, d.unhashed, d.toolCalls FROM session_digests d
     JOIN sessions s ON s.id = d.session WHERE s.user = ? ORDER BY s.externalId`,
    userId,
  );
  return {
    sessions: sessions.map(strip),
    messages: messages.map(strip),
    usage: usage.map(({ session: _session, user: _user, ...row }) => row),
    digests: digests.map((row) => ({ ...row })),
  };
}

/** Number of entries in the server's log, which is written every few seconds. */
function logged(at: TestServer, message: string): number {
  const database = new DatabaseSync(join(at.dataDir, "auxiliary.db"), { readOnly: true });
  try {
    return Number(database.prepare("SELECT count(*) AS n FROM _logs WHERE message = ?").get(message)?.["n"]);
  } finally {
    database.close();
  }
}

async function curate(id: string, changes: object) {
  const { status, text } = await request(
    server,
    "PATCH",
    `/api/sessions/${id}`,
    `Bearer ${key}`,
    JSON.stringify(changes),
  );
  expect(status, text).toBe(200);
}

const rowId = (externalId: string) =>
  String(server.query("SELECT id FROM sessions WHERE externalId = ?", externalId)[0]?.["id"]);

describe("the archive of an account", () => {
  beforeAll(async () => {
    for (const [index, history] of fc.sample(histories(), { seed, numRuns: 12 }).entries()) {
      for (const batch of renamed(history, `h${index}`).requests) await push(server, key, batch);
    }
    // Larger than a piece in messages, and in one message alone; prices of ours; texts at the edges of JSON.
    const priced = {
      model: "claude-opus-4-8",
      provider: "anthropic",
      tokens: { input: 5, cacheWrite: 9, cacheWrite1h: 4 },
    };
    await push(server, key, {
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
    await push(server, key, {
      messages: [{ sessionExternalId: "wide", externalId: "m", role: "tool", textContent: "é".repeat(2_000_000) }],
    });
    await curate(rowId("large"), {
      ...{ customTitle: "Mine", tags: ["b", "a"], notes: "n\nn", starred: true },
      ...{ evalReady: true, evalStatus: "golden", evalNotes: "e", expectedOutput: "o" },
    });
    await curate(rowId("h0-a"), { tags: ["x"] });
    await request(server, "DELETE", `/api/sessions/${rowId("h1-a")}`, `Bearer ${key}`);
    await request(server, "DELETE", `/api/sessions/${rowId("h2-a")}?permanently=1`, user.token);
  }, 60_000);

  test("comes back row by row on another server, and as the same lines from there", async () => {
    const archive = await archiveOf(server, `Bearer ${key}`);
    const { header, data, end } = verified(archive);
    const [counted] = server.query(
      "SELECT count(*) AS sessions, (SELECT count(*) FROM messages WHERE user = s.user) AS messages FROM sessions s WHERE user = ?",
      user.id,
    );
    expect(header).toMatchObject({ format: "opensync-archive", version: 1, after: "", ...counted });
    expect(end).toMatchObject({ ...counted });

    const reader = await createUser(other);
    const imported = await importInto(other, reader.token, archive);
    expect(imported).toMatchObject({ errors: [], messages: counted?.["messages"] });
    expect(imported.requests).toBeGreaterThan(1);
    expect(rowsOf(other, reader.id)).toEqual(rowsOf(server, user.id));
    expect(verified(await archiveOf(other, reader.token)).data).toEqual(data);

    const again = await importInto(other, reader.token, archive);
    expect(again.errors.every((text) => text.includes("deleted on the dashboard"))).toBe(true);
    expect(rowsOf(other, reader.id), "once more changes nothing").toEqual(rowsOf(server, user.id));
  }, 120_000);

  test("can be taken up again behind a session", async () => {
    const { data } = verified(await archiveOf(server, user.token));
    const from = data.findIndex((line) => line.startsWith('{"state":{"externalId":"h5-b"'));
    const { header, data: rest } = verified(await archiveOf(server, user.token, "?after=h5-b"));
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
    const account = await createUser(other);
    const { key: syncKey } = await createKey(other, account);
    const newer = { sessionExternalId: "large", externalId: "m3", role: "assistant", hash: 77, updatedAt: 99_999 };
    await push(other, syncKey, {
      sessions: [{ externalId: "large", hash: 8, updatedAt: 99, title: "Newer" }],
      messages: [newer],
    });
    const { id } = other.query<{ id: string }>("SELECT id FROM sessions WHERE user = ?", account.id)[0] ?? { id: "" };
    await request(other, "PATCH", `/api/sessions/${id}`, account.token, JSON.stringify({ notes: "mine" }));
    await importInto(other, account.token, await archiveOf(server, user.token));
    expect(
      other.query(
        "SELECT title, notes, customTitle, starred FROM sessions WHERE user = ? AND externalId = 'large'",
        account.id,
      ),
    ).toEqual([{ title: "Newer", notes: "mine", customTitle: "Mine", starred: 1 }]);
    expect(
      other.query("SELECT hash FROM messages WHERE user = ? AND externalId = 'm3' AND updatedAt = 99999", account.id),
    ).toEqual([{ hash: 77 }]);
  });

  test("ends with its reader, and that is no error of the server", async () => {
    const reading = new AbortController();
    const answer = await fetch(`${server.url}/api/archive`, {
      headers: { Authorization: `Bearer ${key}` },
      signal: reading.signal,
    });
    await answer.body?.getReader().read();
    reading.abort();
    await until("the server has noticed", () => logged(server, "/api/archive was not read to its end") === 1);
    expect(logged(server, "/api/archive broke off")).toBe(0);
    expect((await request(server, "GET", "/health", "")).status).toBe(200);
  });

  test.for<readonly [who: string, authorization: () => string, status: number]>([
    ["nobody", () => "", 401],
    ["a key that may only sync", () => `Bearer ${syncKey}`, 403],
  ])("is not for %s", async ([, authorization, status]) => {
    ({ key: syncKey } = await createKey(server, user));
    expect((await request(server, "GET", "/api/archive", authorization())).status).toBe(status);
    expect((await request(server, "POST", "/api/archive", authorization(), "")).status).toBe(status);
  });
  let syncKey = "";

  let unlucky: TestUser | undefined;
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  const checked = (text: string) => text + line({ check: { sha256: createHash("sha256").update(text).digest("hex") } });
  const session = line({ session: { externalId: "new" } });
  test.for<readonly [what: string, body: string, message: string]>([
    ["cut off", session, "The archive is cut off"],
    ["cut off behind a whole piece", checked(session) + session, "The archive is cut off"],
    ["damaged", checked(session).replace("new", "old"), "A piece of the archive is damaged"],
    [
      "of another version",
      checked(line({ format: "opensync-archive", version: 2, x: 1 })),
      "not an archive of version 1",
    ],
    ["of another kind", checked(line({ format: "else", version: 1, x: 1 })), "not an archive of version 1"],
    ["no JSON", checked('{"session":{]}\n'), "not valid JSON"],
    ["no JSON in what people added", checked('{"state":{]}\n'), "lines are not JSON"],
    ["with lines of another kind", checked(session + line([5])), "a line of an unknown kind: [5]"],
  ])("is refused as a whole when it is %s", async ([, body, message]) => {
    unlucky ??= await createUser(other);
    const account = unlucky;
    const answer = await request(other, "POST", "/api/archive", account.token, body);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining(message) });
    expect(rowsOf(other, account.id).sessions).toEqual([]);
  });

  test("names what in it is not valid, and takes the rest", async () => {
    const account = await createUser(other);
    const body = checked(
      session +
        line({ message: { sessionExternalId: "new", externalId: "m", role: "bot" } }) +
        line({ state: { externalId: "new", notes: 5, tags: ["a", 5], starred: 1, purgeAt: "soon", deletedAt: -5 } }) +
        line({ state: { externalId: "new", deletedAt: "Infinity" } }).replace('"Infinity"', "1e999") +
        line({ state: { externalId: "somebody-else's" } }) +
        line({ tombstone: { externalId: "", deletedAt: 5 } }) +
        line({ tombstone: 5 }) +
        line({ state: [5] }),
    );
    const answer = await request(other, "POST", "/api/archive", account.token, body);
    expect(answer.status, answer.text).toBe(200);
    expect(importAnswerSchema.parse(JSON.parse(answer.text)).errors).toEqual([
      expect.stringContaining("messages m: role: expected user"),
    ]);
    expect(rowsOf(other, account.id)).toMatchObject({
      sessions: [{ externalId: "new", notes: "", tags: '["a"]', starred: 1, deletedAt: 0, purgeAt: 0 }],
      messages: [],
    });
  });
});
