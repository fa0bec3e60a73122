import type { SearchAnswer } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { DAY, finderOf, foundIds, pushCorpus, START } from "../support/search-corpus.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedAccount(server, { scope: "full" });
const find = finderOf(server, ann);

beforeAll(() => pushCorpus(server, ann, ben));

describe("in order", () => {
  test("of relevance: title, prompt, answer, tools", async () => {
    expect(foundIds(await find("deploy OR rename OR token"))).toEqual(["names", "deploy", "login"]);
    expect(foundIds(await find("connection OR expire OR zebra"))).toEqual(["login", "deploy", "names"]);
  });

  test("of time: by the newest match, whatever the order of arrival", async () => {
    expect(foundIds(await find("expire OR hello", { sort: "newest" }))).toEqual(["untitled", "login"]);
    expect(foundIds(await find("deploy OR zebra OR hello", { sort: "newest" }))).toEqual([
      "untitled",
      "names",
      "deploy",
    ]);
  });
});

describe("an answer says", () => {
  test("where in a message the match is", async () => {
    const { results } = await find("expire", { sort: "newest" });
    const [row] = server.query<{ id: string }>("SELECT id FROM messages WHERE externalId = 'm2'");
    expect(results.map(({ hit, matches }) => ({ hit, matches }))).toEqual([
      {
        hit: {
          ...{ place: "toolInput", snippet: "grep -rn expire src", marks: [[9, 15]] },
          ...{ messageId: row?.id, externalId: "m2", role: "assistant", createdAt: START + 3 * DAY },
        },
        matches: 2,
      },
    ]);
  });

  test.for<[query: string, place: string | undefined, marked: string[]]>([
    ["login", "title", ["login"]],
    ["zebra", "thinking", ["zebra"]],
    ["refused host", "toolOutput", ["refused", "host"]],
    ['"connection refused"', "text", ["connection refused"]],
    ["session-store", "text", ["session-store"]],
    ["depl* vault", "text", ["Deploy", "vault"]],
    ["agent:codex", undefined, []],
    ["is:error", undefined, []],
  ])("for %s: in the %s", async ([query, place, marked]) => {
    const { results } = await find(query);
    const hit = results[0]?.hit;
    expect(hit?.place).toBe(place);
    expect(hit?.marks.map(([start, end]) => hit.snippet.slice(start, end)) ?? []).toEqual(marked);
  });

  test("how exact it is", async () => {
    expect((await find("token")).exactness).toEqual({ isExact: true, ranked: 3, ignored: [] });
    expect((await find("token", { sort: "newest" })).exactness).toEqual({ isExact: true, ignored: [] });
    const many = Array.from({ length: 25 }, (_, index) => `w${index}`).join(" OR ");
    expect((await find(many)).exactness.ignored).toEqual(["w24"]);
  });
});

/** What is found, in pages of one session; pages without an end are cut off at twenty. */
async function pageByPage(query: string, sort: "relevance" | "newest"): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: SearchAnswer = await find(query, { sort, limit: 1, ...(cursor !== null && { cursor }) });
    found.push(...foundIds(page));
    cursor = page.nextCursor;
  } while (cursor !== null && found.length < 20);
  return found;
}

describe("pages", () => {
  test.for<[query: string, sort: "relevance" | "newest"]>([
    ["the OR hello OR token OR rename", "newest"],
    ["the OR hello OR token OR rename", "relevance"],
    ["-zebra", "newest"],
    ["is:error agent:c", "newest"],
    ["agent:c", "relevance"],
  ])("of %s by %s show every session once", async ([query, sort]) => {
    const whole = foundIds(await find(query, { sort, limit: 100 }));
    expect(whole.length).toBeGreaterThan(1);
    expect(await pageByPage(query, sort)).toEqual(whole);
  });
});

test("pages of sessions that are found by title alone end, also where all were active at the same time", async () => {
  const sessions = ["x1", "x2", "x3"].map((externalId) => ({ externalId, title: "simultaneous", updatedAt: START }));
  await push(server, ann.key, { sessions });
  for (const sort of ["newest", "relevance"] as const) {
    expect((await pageByPage("simultaneous", sort)).sort()).toEqual(["x1", "x2", "x3"]);
  }
});

describe("titles follow", () => {
  const shown = async (query: string) => foundIds(await find(`${query} title`));
  test("what the agent and the dashboard call a session, and its deletion", async () => {
    const session = { externalId: "titles", title: "first title", updatedAt: START };
    await push(server, ann.key, { sessions: [session] });
    expect(await shown("first")).toEqual(["titles"]);
    await push(server, ann.key, { sessions: [{ ...session, title: "second title" }] });
    expect([await shown("first"), await shown("second")]).toEqual([[], ["titles"]]);
    const url = `${server.url}/api/sessions/${server.sessionId("titles")}`;
    const headers = { ...ann.signedIn(), "Content-Type": "application/json" };
    await fetch(url, { method: "PATCH", headers, body: JSON.stringify({ customTitle: "third title" }) });
    expect([await shown("second"), await shown("third")]).toEqual([[], ["titles"]]);
    await fetch(url, { method: "DELETE", headers });
    expect(await shown("third")).toEqual([]);
  });
});
