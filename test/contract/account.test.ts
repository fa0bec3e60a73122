import PocketBase from "pocketbase";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Account, createAccount } from "../support/account.ts";
import { type ApiRequest, runScenario } from "../support/api-scenario.ts";
import { superuser } from "../support/pocketbase.ts";
import { push } from "../support/push.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { administrator, createKey, createUser, startServer } from "../support/server.ts";
import { setupToken } from "../support/setup-link.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer();
const ben = sharedAccount(server, { role: "owner" });
let ann: Account;

const conversation = {
  sessions: [
    { externalId: "s1", title: "One", hash: 1 },
    { externalId: "s2", title: "Two", hash: 2 },
  ],
  messages: ["s1", "s2"].map((sessionExternalId) => ({
    ...{ sessionExternalId, externalId: "m1", role: "user", textContent: "words", hash: 3, responseId: "r" },
    ...{ tokens: { output: 5 }, cost: 1, costSource: "reported" },
  })),
};

beforeAll(async () => {
  await push(server, ben.key, conversation);
});

beforeEach(async () => {
  ann = await createAccount(server);
  await push(server, ann.key, conversation);
});

async function call(method: string, url: string, body: unknown, more: Partial<ApiRequest> = {}) {
  const scenario = { method, url, body, headers: ann.signedIn(), status: 200, ...more };
  return JSON.parse((await runScenario(server, scenario)).text);
}

const deleteData = (body: object, more: Partial<ApiRequest> = {}) =>
  call("POST", "/api/account/delete-data", body, more);
const deleteAccount = (body: object, more: Partial<ApiRequest> = {}) => call("DELETE", "/api/account", body, more);

/** Every table that has rows of a user, with their number: tables of tomorrow are looked at, too. */
function rowsOf(user: string): Record<string, number> {
  const tables = server
    .query<{ name: string }>(
      `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name IN ('user', 'recordRef')
       WHERE m.type = 'table' ORDER BY 1`,
    )
    .map(({ name }) => name);
  const counts = tables.map((name) => {
    const column = name.startsWith("_") ? "recordRef" : "user";
    return [
      name,
      server.query<{ n: number }>(`SELECT count(*) AS n FROM "${name}" WHERE "${column}" = ?`, user)[0]?.n ?? 0,
    ];
  });
  return Object.fromEntries(counts.filter(([, n]) => n !== 0));
}

describe("deleting all data", () => {
  test("leaves account and keys, and nothing else", async () => {
    const bens = rowsOf(ben.id);
    const answer = await deleteData({ password: ann.password }, { rows: { sessions: -2, messages: -2 } });
    expect(answer).toEqual({
      ok: true,
      sessions: 2,
      messages: 2,
      pending: 0,
      note: expect.stringContaining("send their sessions anew"),
    });
    const { _authOrigins: _origin, ...left } = rowsOf(ann.id);
    expect(left).toEqual({ activity: 1, api_keys: 1 });
    expect(rowsOf(ben.id), "another user's").toEqual(bens);
    expect(server.query("SELECT 1 FROM session_digests d WHERE d.session NOT IN (SELECT id FROM sessions)")).toEqual(
      [],
    );
    expect(searchIndexDifferences(server.dataDir)).toEqual([]);
  });

  test("lets a later sync of everything begin with nothing", async () => {
    await deleteData({ password: ann.password }, { rows: { sessions: -2, messages: -2 } });
    const { errors, changed } = await push(server, ann.key, conversation);
    expect({ errors, changed }).toEqual({ errors: [], changed: { sessions: 2, messages: 2 } });
  });

  test("keeps the ids when asked to, and then nothing comes back", async () => {
    const answer = await deleteData({ password: ann.password, keepTombstones: true }, { rows: { messages: -2 } });
    expect(answer).toMatchObject({ sessions: 2, messages: 2, pending: 0, note: expect.stringContaining("ids") });
    expect((await push(server, ann.key, conversation)).errors).toHaveLength(4);
    expect(server.query("SELECT DISTINCT title, hash FROM sessions WHERE user = ?", ann.id)).toEqual([
      { title: "", hash: 0 },
    ]);
    // Asked again without them, the ids go as well.
    expect(await deleteData({ password: ann.password }, { rows: { sessions: -2 } })).toMatchObject({ sessions: 0 });
    expect((await push(server, ann.key, conversation)).errors).toEqual([]);
  });

  test("also takes what is in the trash", async () => {
    const [{ id } = { id: "" }] = server.query<{ id: string }>("SELECT id FROM sessions WHERE user = ?", ann.id);
    await call("DELETE", `/api/sessions/${id}`, undefined);
    await deleteData({ password: ann.password }, { rows: { sessions: -2, messages: -2 } });
    expect(rowsOf(ann.id)["sessions"]).toBeUndefined();
  });
});

describe("deleting the account", () => {
  test("takes all of it along, and nothing of others", async () => {
    const bens = rowsOf(ben.id);
    const answer = await deleteAccount(
      { password: ann.password },
      {
        rows: { users: -1, api_keys: -1, activity: -1, sessions: -2, messages: -2 },
      },
    );
    expect(answer).toEqual({ ok: true, sessions: 2, messages: 2, pending: 0 });
    expect(rowsOf(ann.id)).toEqual({});
    expect(rowsOf(ben.id)).toEqual(bens);
    const gone = await new PocketBase(server.url)
      .collection("users")
      .authWithPassword(ann.email, ann.password)
      .catch((e) => e);
    expect(gone).toMatchObject({ status: 400 });
    await call("POST", "/sync/batch", conversation, { headers: ann.withKey(), status: 401 });
    await call("GET", "/api/keys", undefined, { status: 404 });
  });

  test("is refused for the only owner while others have accounts", async () => {
    await deleteAccount(
      { password: ben.password },
      { headers: ben.signedIn(), status: 409, contains: ["only owner", "make one of them owner"] },
    );
  });

  test("is possible for one owner of two, and for the last account of a server", async () => {
    const other = await startServer();
    try {
      const first = await createUser(other, { role: "owner" });
      const second = await createUser(other, { role: "owner" });
      for (const { token, password } of [first, second]) {
        const headers = { Authorization: token, "Content-Type": "application/json" };
        const answer = await fetch(`${other.url}/api/account`, {
          method: "DELETE",
          headers,
          body: JSON.stringify({ password }),
        });
        expect(answer.status).toBe(200);
      }
      expect(other.query("SELECT count(*) AS n FROM users")).toEqual([{ n: 0 }]);
      const account = { token: setupToken(other), email: "next@example.com", password: "another password" };
      const setup = await fetch(`${other.url}/api/setup`, { method: "POST", body: JSON.stringify(account) });
      expect(setup.status).toBe(201);
    } finally {
      await other.stop();
    }
  });
});

describe.each<[string, (body: object, more: Partial<ApiRequest>) => Promise<unknown>]>([
  ["deleting all data", deleteData],
  ["deleting the account", deleteAccount],
])("%s is refused", (_, attempt) => {
  test("without the right password", async () => {
    for (const body of [{}, { password: "wrong password" }, { password: null }]) {
      await attempt(body, { status: 403, contains: ["password: expected the password of your account"] });
    }
    const collectionRef = server.query<{ id: string }>("SELECT id FROM _collections WHERE name = 'users'")[0]?.id;
    const service = { collectionRef, recordRef: ann.id, provider: "oidc", providerId: ann.email };
    await (await administrator(server)).collection("_externalAuths").create(service);
    await attempt(
      {},
      { status: 403, contains: ["only ever sign in with oidc", "the owner of this server can set one"] },
    );
    await attempt({ password: 5 }, { status: 400, contains: ["password: expected text"] });
  });

  test("with a key, even one of scope full", async () => {
    const full = await createKey(server, ann, { scope: "full" });
    const headers = { Authorization: `Bearer ${full.key}` };
    await attempt({ password: ann.password }, { headers, status: 401, contains: ["signed-in user"] });
  });

  test("for administrators", async () => {
    const admin = await administrator(server);
    const headers = { Authorization: admin.authStore.token };
    await attempt({ password: superuser.password }, { headers, status: 403 });
  });
});

test("the server's log says that it was done, without the password", async () => {
  await deleteData({ password: ann.password }, { rows: { sessions: -2, messages: -2 } });
  const rows = { users: -1, api_keys: -1, activity: -1 };
  await deleteAccount({ password: ann.password }, { rows });
  const logged = () =>
    JSON.stringify(server.queryLog("SELECT message, data FROM _logs WHERE data LIKE ?", `%${ann.id}%`));
  await until(
    "both are in the log",
    () => logged().includes("All data of") && logged().includes("An account was deleted"),
  );
  expect(logged().includes(ann.password)).toBe(false);
});

test("what a machine pushed while its account went is found and taken away", async () => {
  server.change("INSERT INTO sessions (id, user, externalId) VALUES ('orphan', 'nobody', 'orphan')");
  server.change("INSERT INTO messages (id, user, session, externalId) VALUES ('orphan', 'nobody', 'orphan', 'm')");
  const admin = await administrator(server);
  // What search notes of all messages, it notes of these as well.
  await admin.crons.run("opensyncSearch");
  await until("search has seen them", () => rowsOf("nobody")["search_blocks"] !== undefined);
  await admin.crons.run("opensyncTrash");
  await until("nothing of it is left", () => Object.keys(rowsOf("nobody")).length === 0);
});
