import { sessionPageSchema } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { finderOf, foundIds, pushCorpus } from "../support/search-corpus.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedAccount(server, { scope: "full" });
const find = finderOf(server, ann);

beforeAll(() => pushCorpus(server, ann, ben));

describe("finds", () => {
  test.for<[query: string, found: string[]]>([
    ["vault", ["deploy"]],
    ["TOKEN", ["deploy", "login"]],
    ["token vault", ["deploy"]],
    ['"connection refused"', ["deploy"]],
    ['"refused connection"', []],
    ["depl*", ["deploy"]],
    ["token -vault", ["login"]],
    ["-token -hello", ["names", "deploy", "login"]],
    ["zebra OR vault", ["names", "deploy"]],
    ["zebra OR vault -zebra", ["deploy"]],
    ["grep", ["login"]],
    ["expireAt", ["login"]],
    ["naive cafe", ["untitled"]],
    ["東京", ["untitled"]],
    ["nothing-like-this", []],
    ["vanished", []],
    ["shop", ["deploy"]],
    ["— hello …", ["untitled"]],
    ["->", []],
  ])("%s", async ([query, found]) => {
    expect(foundIds(await find(query, { sort: "newest" }))).toEqual(found);
  });
});

describe("identifiers are found", () => {
  test.for<[identifier: string, found: string]>([
    ["old_user_table", "names"],
    ["user_table", "names"],
    ["table", "names"],
    ["config/auth/session-store.ts", "login"],
    ["session-store", "login"],
    ["auth/session", "login"],
    ["src/auth/token.ts:12", "login"],
    ["err_1234", "login"],
    ["1234", "login"],
    ["user@example.com", "untitled"],
    ["example.com", "untitled"],
    ["getUserName", "names"],
    ["getusername", "names"],
    ["fetchAcc*", "names"],
  ])("by %s", async ([identifier, found]) => {
    expect(foundIds(await find(identifier))).toContain(found);
  });
});

describe("qualifiers narrow a search:", () => {
  test.for<[query: string, found: string[]]>([
    ["agent:codex", ["deploy"]],
    ["agent:CLAUDE", ["names"]],
    ["agent:codex agent:cursor", ["untitled", "deploy"]],
    ["-agent:codex token", ["login"]],
    ["model:opus", ["login"]],
    ["project:shop", ["untitled", "names"]],
    ['project:"my shop"', ["untitled"]],
    ['project:"überblick по ПРОЕКТУ"', ["names"]],
    ["device:server", ["deploy"]],
    ["branch:feature", ["names"]],
    ["tool:bash", ["deploy", "login"]],
    ["tool:bash connection", ["deploy"]],
    ["tool:grep", []],
    ["role:user token", ["deploy", "login"]],
    ["role:assistant token", ["login"]],
    ["is:error", ["untitled", "deploy"]],
    ["-is:error deployment", ["deploy"]],
    ["after:2026-01-09", ["untitled", "names"]],
    ["before:2026-01-03 token", ["login"]],
    ["after:2026-01-05 before:2026-01-08 token", ["deploy"]],
    ["tag:urgent", []],
    ["colour:red", []],
    ["is:strange", []],
  ])("%s", async ([query, found]) => {
    expect(foundIds(await find(query, { sort: "newest" }))).toEqual(found);
  });

  test.for([
    ["before:2026-01-05 token", "America/New_York", ["deploy", "login"]],
    ["before:2026-01-05 token", "Europe/Berlin", ["login"]],
    ["after:2026-01-05T00:00 token", "America/New_York", ["deploy"]],
  ] as const)("%s means the days of %s", async ([query, tz, found]) => {
    expect(foundIds(await find(query, { sort: "newest", filter: { tz } }))).toEqual(found);
    const parameters = new URLSearchParams({ q: query, tz });
    const { sessions } = sessionPageSchema.parse(await ann.get(`/api/sessions?${parameters}`));
    expect(sessions.map(({ externalId }) => externalId)).toEqual(found);
  });

  test("tags are whole words", async () => {
    await fetch(`${server.url}/api/sessions/${server.sessionId("login")}`, {
      ...{ method: "PATCH", body: JSON.stringify({ tags: ["Urgent", "two words", "Über"] }) },
      headers: { ...ann.signedIn(), "Content-Type": "application/json" },
    });
    expect(foundIds(await find("tag:urgent"))).toEqual(["login"]);
    expect(foundIds(await find("tag:two-words expire"))).toEqual(["login"]);
    expect(foundIds(await find("tag:ÜBER"))).toEqual(["login"]);
    expect(foundIds(await find("tag:urg"))).toEqual([]);
  });
});
