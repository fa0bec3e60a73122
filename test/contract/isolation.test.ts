import { EventSource } from "eventsource";
import PocketBase, { type RecordModel } from "pocketbase";
import { beforeAll, describe, expect, test } from "vitest";
import { type ApiScenario, testScenarios } from "../support/api-scenario.ts";
import { administrator, type TestUser } from "../support/server.ts";
import { sharedAccount, sharedKey, sharedServer, sharedUser } from "../support/shared.ts";
import { until } from "../support/until.ts";

const collections = ["sessions", "messages", "api_keys", "activity"] as const;
type Collection = (typeof collections)[number];

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedUser(server);
/** One row of Ann's in each collection. */
const annsRow: Record<Collection, string> = { sessions: "", messages: "", api_keys: "", activity: "" };

beforeAll(async () => {
  const admin = await administrator(server);
  annsRow.api_keys = ann.keyId;
  annsRow.sessions = (await admin.collection("sessions").create({ user: ann.id, externalId: "s1", title: "Ann's" })).id;
  annsRow.messages = (
    await admin
      .collection("messages")
      .create({ user: ann.id, session: annsRow.sessions, externalId: "m1", role: "user" })
  ).id;
  annsRow.activity = (await admin.collection("activity").create({ id: ann.id, user: ann.id, rev: 1 })).id;
});
/** Everybody who may try; a key is no login: on PocketBase's own API it is a guest. */
const callers: Record<string, () => Record<string, string>> = {
  "a guest": () => ({}),
  "another user": ben.signedIn,
  "the owner of the rows": ann.signedIn,
  "a full key of the owner": ann.withKey,
};
const strangers = ["a guest", "another user", "a full key of the owner"];

describe.each(collections)("%s", (collection) => {
  const records = `/api/collections/${collection}/records`;
  const row = () => `${records}/${annsRow[collection]}`;

  describe("cannot be changed through PocketBase's API", () => {
    const attempts = Object.entries(callers).flatMap(([caller, headers]): ApiScenario[] => [
      {
        ...{ name: `${caller} cannot create a row`, url: records, headers, status: 403 },
        body: () => ({
          user: ann.id,
          externalId: "planted",
          session: annsRow.sessions,
          hash: "planted",
          scope: "full",
        }),
      },
      {
        name: `${caller} cannot change a row`,
        method: "PATCH",
        url: row,
        headers,
        body: { title: "x", revokedAt: 0 },
        status: 403,
      },
      {
        name: `${caller} cannot hand a row over`,
        method: "PATCH",
        url: row,
        headers,
        body: () => ({ user: ben.id }),
        status: 403,
      },
      { name: `${caller} cannot delete a row`, method: "DELETE", url: row, headers, status: 403 },
    ]);
    testScenarios(server, attempts);

    test("and is as it was after all that", () => {
      const rows = server.query(`SELECT user FROM ${collection}`);
      expect(rows).toEqual([{ user: ann.id }]);
    });
  });

  describe("is read by its owner", () => {
    const headers = () => ({ Authorization: ann.token });
    testScenarios(server, [
      { name: "in a list", url: records, headers, status: 200, contains: () => [annsRow[collection]] },
      { name: "alone", url: row, headers, status: 200, contains: () => [annsRow[collection]] },
    ]);
  });

  describe("is hidden", () => {
    const queries = ["", "?sort=-user", "?expand=user,session,session.user", "?filter=(user=''||user!='')"];
    // These could ask about other rows than the listed ones.
    const refused = ["?filter=(@collection.sessions.title~'Ann')", "?filter=(@request.auth.id=''||id!='')"];
    const attempts = strangers.flatMap((caller): ApiScenario[] => {
      const headers = callers[caller];
      if (!headers) throw new Error(`nobody is called ${caller}`);
      return [
        ...queries.map((query) => ({
          ...{ name: `from ${caller} listing ${query}`, url: `${records}${query}`, headers, status: 200 },
          ...{ contains: ['"items":[]'], notContains: () => [ann.id, annsRow[collection]] },
        })),
        ...refused.map((query) => ({
          ...{ name: `from ${caller} listing ${query}`, url: `${records}${query}`, headers, status: 403 },
          ...{ contains: ["Only superusers can filter"] },
        })),
        {
          ...{
            name: `from ${caller} asking for Ann's rows`,
            url: () => `${records}?filter=(user='${ann.id}')`,
            headers,
          },
          ...{ status: 200, contains: ['"items":[]'] },
        },
        { name: `from ${caller} asking for one row`, url: row, headers, status: 404, notContains: () => [ann.id] },
      ];
    });
    testScenarios(server, attempts);
  });
});

describe("users", () => {
  const account = (of: TestUser) => () => `/api/collections/users/records/${of.id}`;
  const anns = account(ann);
  const newAccount = {
    email: "new@example.com",
    password: "long enough",
    passwordConfirm: "long enough",
    role: "owner",
  };
  testScenarios(server, [
    { name: "nobody signs up", url: "/api/collections/users/records", body: newAccount, status: 403 },
    {
      name: "a user creates no other",
      url: "/api/collections/users/records",
      headers: ann.signedIn,
      body: newAccount,
      status: 403,
    },
    {
      name: "a user cannot become owner",
      method: "PATCH",
      url: anns,
      headers: ann.signedIn,
      body: { role: "owner" },
      status: 404,
    },
    {
      name: "not even with a plus sign",
      method: "PATCH",
      url: anns,
      headers: ann.signedIn,
      body: { "role+": "owner" },
      status: 404,
    },
    {
      name: "a user changes the own name",
      method: "PATCH",
      url: anns,
      headers: ann.signedIn,
      body: { name: "Ann" },
      status: 200,
    },
    {
      name: "a user does not change another's name",
      method: "PATCH",
      url: anns,
      headers: ben.signedIn,
      body: { name: "x" },
      status: 404,
    },
    { name: "a user does not delete an account", method: "DELETE", url: anns, headers: ann.signedIn, status: 403 },
    { name: "a user sees nobody else", url: anns, headers: ben.signedIn, status: 404 },
    { name: "a guest sees nobody", url: "/api/collections/users/records", status: 200, contains: ['"items":[]'] },
    {
      ...{
        name: "a user sees the own account alone",
        url: "/api/collections/users/records",
        headers: ben.signedIn,
        status: 200,
      },
      ...{ contains: () => [ben.id], notContains: () => [ann.id] },
    },
    {
      name: "the batch API is no way around",
      url: "/api/batch",
      headers: ann.signedIn,
      body: { requests: [] },
      status: 403,
    },
    { name: "the schema is closed", url: "/api/collections", headers: ann.signedIn, status: 403 },
    {
      name: "the SQL console is closed",
      url: "/api/sql",
      headers: ann.signedIn,
      body: { query: "SELECT 1" },
      status: 403,
    },
    { name: "the settings are closed", url: "/api/settings", headers: ann.signedIn, status: 403 },
    { name: "the logs are closed", url: "/api/logs", headers: ann.signedIn, status: 403 },
  ]);

  test("roles are as they were", () => {
    expect(server.query("SELECT DISTINCT role FROM users")).toEqual([{ role: "member" }]);
  });
});

describe("a key reaches its own user's sessions alone", () => {
  const { withKey: headers } = sharedKey(server, ben, { scope: "full" });
  const nothing = () => [ann.id, annsRow.sessions, annsRow.messages];
  const own = { externalId: "s1", title: "Ben's" };
  testScenarios(server, [
    {
      ...{ name: "in the list", url: "/sync/sessions/list?digests=1", headers, status: 200 },
      ...{ contains: ['"sessionIds":[]'], notContains: nothing },
    },
    {
      ...{ name: "in the list of messages", url: "/sync/sessions/messages?id=s1", headers, status: 200 },
      ...{ contains: ['{"messages":{}}'], notContains: nothing },
    },
    {
      ...{ name: "when pushing a session with the same id", url: "/sync/session", headers, body: own, status: 200 },
      ...{ notContains: nothing, rows: { sessions: 1, activity: 1 } },
    },
    {
      ...{ name: "when pushing a message with the same ids", url: "/sync/message", headers, status: 200 },
      ...{
        body: { sessionExternalId: "s1", externalId: "m1", role: "system" },
        notContains: nothing,
        rows: { messages: 1 },
      },
    },
  ]);

  test("and the other's rows are as they were", () => {
    expect(server.query("SELECT title FROM sessions WHERE id = ?", annsRow.sessions)).toEqual([{ title: "Ann's" }]);
    expect(server.query("SELECT role FROM messages WHERE id = ?", annsRow.messages)).toEqual([{ role: "user" }]);
  });
});

test("a row without an owner belongs to nobody, not to every guest", async () => {
  const admin = await administrator(server);
  const orphan = await admin.collection("sessions").create({ user: "", externalId: "orphan" });
  for (const headers of Object.values(callers)) {
    const answer = await fetch(`${server.url}/api/collections/sessions/records/${orphan.id}`, { headers: headers() });
    expect(answer.status).toBe(404);
  }
});

describe("realtime", () => {
  /** The ids of all rows of which the subscriber hears. */
  async function listen(token: string): Promise<{ heard: string[]; stop(): Promise<void> }> {
    const client = new PocketBase(server.url);
    client.authStore.save(token);
    const heard: string[] = [];
    const note = ({ record }: { record: RecordModel }) => void heard.push(record.id);
    for (const collection of collections) {
      await client.collection(collection).subscribe("*", note);
      await client.collection(collection).subscribe(annsRow[collection], note);
    }
    return { heard, stop: () => client.realtime.unsubscribe() };
  }

  test("brings changes to their owner alone", async () => {
    // The SDK takes the browser's EventSource, which Node.js lacks.
    Object.assign(globalThis, { EventSource });
    const [byAnn, byBen, byGuest] = [await listen(ann.token), await listen(ben.token), await listen("")];
    const admin = await administrator(server);
    await admin.collection("activity").update(annsRow.activity, { rev: 2 });
    await admin.collection("sessions").update(annsRow.sessions, { title: "Ann's own" });
    await admin.collection("messages").update(annsRow.messages, { role: "assistant" });
    await admin.collection("api_keys").update(annsRow.api_keys, { name: "renamed" });
    await until("Ann has heard of all her rows", () => new Set(byAnn.heard).size === collections.length);
    // What comes to Ben last shows that nothing of Ann's is still on its way to him.
    await admin.collection("activity").update(ben.id, { rev: 9 });
    await until("Ben has heard of his own", () => byBen.heard.includes(ben.id));
    expect(new Set(byBen.heard)).toEqual(new Set([ben.id]));
    expect(byGuest.heard).toEqual([]);
    for (const listener of [byAnn, byBen, byGuest]) await listener.stop();
  });
});
