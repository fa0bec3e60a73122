import { beforeAll, describe } from "vitest";
import { createAccount } from "../support/account.ts";
import { testScenarios } from "../support/api-scenario.ts";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server, { device: "laptop" });

describe("a session that was deleted on the dashboard", () => {
  const body = { sessionExternalId: "deleted", externalId: "m2", role: "user" };

  beforeAll(async () => {
    await push(server, ann.key, { messages: [{ ...body, externalId: "m1" }] });
    server.change("UPDATE sessions SET deletedAt = 1 WHERE externalId = 'deleted'");
  });

  const gone = {
    headers: ann.withKey,
    status: 410,
    contains: ["deleted on the dashboard; restore it there to sync again"],
  };
  testScenarios(server, [
    { ...gone, name: "refuses itself", url: "/sync/session", body: { externalId: "deleted" } },
    { ...gone, name: "refuses its messages", url: "/sync/message", body },
    {
      name: "does not hold up the rest of a batch",
      url: "/sync/batch",
      headers: ann.withKey,
      body: {
        sessions: [{ externalId: "deleted" }, { externalId: "kept" }],
        messages: [body, { ...body, sessionExternalId: "kept" }],
      },
      status: 200,
      contains: [
        "sessions[0] deleted: deleted on the dashboard",
        "messages[0] m2: deleted on the dashboard",
        '"ok":true,"sessions":1,"messages":1',
      ],
      rows: { sessions: 1, messages: 1 },
    },
    {
      name: "is in the list, and marked",
      url: "/sync/sessions/list?digests=1&after=deletec&limit=1",
      headers: ann.withKey,
      status: 200,
      contains: ['{"sessionIds":["deleted"],"digests":{"deleted":[1,0,1,0]},"deleted":["deleted"]}'],
    },
  ]);
});

describe("GET /sync/sessions/list", () => {
  beforeAll(async () => {
    await push(server, (await createAccount(server)).key, { sessions: [{ externalId: "somebody else's" }] });
    const sessions = ["l3", "l1", "l2"].map((externalId) => ({ externalId, source: "lister", hash: 7 }));
    const message = { sessionExternalId: "l1", role: "user" };
    await push(server, ann.key, {
      sessions: [...sessions, { externalId: 'l"4', source: "cursor-sync" }],
      messages: [
        { ...message, externalId: "m1", hash: 3 },
        { ...message, externalId: "m2", hash: 9_007_199_254_740_880 },
        { ...message, externalId: "m3" },
        { ...message, externalId: "m4", hash: 5, removedAt: 9 },
      ],
    });
  });

  const list = (query: string) => ({ url: `/sync/sessions/list?${query}`, headers: ann.withKey, status: 200 });
  testScenarios(server, [
    { ...list("source=lister"), name: "is ordered", contains: ['{"sessionIds":["l1","l2","l3"]}'] },
    { ...list("source=lister&after=l1&limit=1"), name: "comes in pages", contains: ['{"sessionIds":["l2"]}'] },
    { ...list("source=lister&after=l3"), name: "ends", contains: ['{"sessionIds":[]}'] },
    {
      ...list("source=cursor-sync&after=l&limit=1"),
      name: "knows the other name of cursor",
      contains: ['{"sessionIds":["l\\"4"]}'],
    },
    { ...list(""), name: "has no rows of others", contains: ["l1", "kept"], notContains: ["somebody"] },
    {
      ...list("digests=1&source=lister"),
      name: "tells digests: count, sum that wraps, count without hash, own hash; without what was removed",
      contains: [
        '{"sessionIds":["l1","l2","l3"],"digests":{"l1":[3,2,1,7],"l2":[0,0,0,7],"l3":[0,0,0,7]},"deleted":[]}',
      ],
    },
    ...["0", "-1", "1.5", "x", "1e3"].map((limit) => ({
      ...list(`limit=${limit}`),
      name: `refuses the limit ${limit}`,
      status: 400,
      contains: ["limit: expected a whole number above 0"],
    })),
    {
      name: "of messages tells hash and version of each, without those that were removed",
      url: "/sync/sessions/messages?id=l1",
      headers: ann.withKey,
      status: 200,
      contains: ['{"messages":{"m1":[3,0],"m2":[9007199254740880,0],"m3":[0,0]}}'],
    },
    {
      name: "of messages tells on request also those that were removed, and hash and version of the session",
      url: "/sync/sessions/messages?id=l1&removed=1",
      headers: ann.withKey,
      status: 200,
      contains: ['{"messages":{"m1":[3,0],"m2":[9007199254740880,0],"m3":[0,0]},"removed":{"m4":[5,0]},"session":[7,'],
    },
    {
      name: "of messages of an unknown session is empty",
      url: "/sync/sessions/messages?id=somebody%20else%27s",
      headers: ann.withKey,
      status: 200,
      contains: ['{"messages":{}}'],
    },
    {
      name: "of messages needs a session",
      url: "/sync/sessions/messages",
      headers: ann.withKey,
      status: 400,
      contains: ["id: "],
    },
  ]);
});
