import { searchAnswerSchema, sessionPageSchema } from "@opensync/client";
import { beforeAll, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// Text together with everything else that a list of sessions can be narrowed by.

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const COUNT = 40;

/** Every third session says the word in a message, every fourth in its title. */
beforeAll(async () => {
  const numbers = Array.from({ length: COUNT }, (_, index) => index);
  await push(server, ann.key, {
    sessions: numbers.map((index) => ({
      ...{ externalId: `s${index}`, title: index % 4 === 0 ? `Refund ${index}` : `Other ${index}` },
      ...{ source: ["opencode", "cursor"][index % 2], projectName: ["shop", "app", ""][index % 3] },
      ...{ cost: index / 4, costSource: "reported", tokens: { input: index * 10 }, createdAt: START + index * DAY },
      ...(index % 5 === 0 && { archivedAt: START }),
      ...(index % 6 === 0 && { parentExternalId: "s1" }),
    })),
    messages: numbers.map((index) => ({
      ...{ sessionExternalId: `s${index}`, externalId: "m", role: "user", createdAt: START + index * DAY },
      textContent: index % 3 === 0 ? "the refund of it" : "nothing",
    })),
  });
  for (const index of [0, 3, 8, 9, 10]) {
    const body = JSON.stringify({ starred: true, tags: ["billing"] });
    await ann.ask(`/api/sessions/s${index}`, { method: "PATCH", body });
  }
  await ann.ask("/api/sessions/s12", { method: "DELETE" });
});

async function found(query: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const path: string = `/api/search?v=2&limit=4&q=refund&${query}&cursor=${encodeURIComponent(cursor)}`;
    const page = searchAnswerSchema.parse(await ann.get(path));
    ids.push(...page.results.map(({ session }) => session.externalId));
    cursor = page.nextCursor;
  }
  return ids;
}

test.for([
  "starred=1",
  "minCost=2&maxCost=6",
  "status=archived",
  "status=active&agent=cursor",
  "tag=billing&project=shop&project=",
  "from=2026-01-05&to=2026-01-20&tz=Europe/Berlin",
  "subagents=exclude&minTokens=100",
  "parent=s1&evalReady=0",
  "title=refund&starred=0",
  "agent=nobody",
])("what is found with %s is what is found without, and in the list with it", async (filter) => {
  const { sessions } = sessionPageSchema.parse(await ann.get(`/api/sessions?limit=500&${filter}`));
  const listed = new Set(sessions.map(({ externalId }) => externalId));
  for (const sort of ["newest", "relevance"]) {
    const all = await found(`sort=${sort}`);
    expect(all.length).toBeGreaterThan(15);
    expect(await found(`sort=${sort}&${filter}`)).toEqual(all.filter((id) => listed.has(id)));
  }
});

test("sessions in the trash are not found, whatever is asked", async () => {
  expect(await found("status=deleted")).toEqual([]);
});

test("the context of a question can be narrowed alike, and a malformed filter is named", async () => {
  expect(await ann.get("/api/context?q=refund&starred=1&limit=20")).toMatchObject({ sessionCount: 4 });
  for (const path of ["/api/search", "/api/context"]) {
    const answer = await ann.ask(`${path}?q=refund&minCost=cheap`);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("minCost: expected a number") });
  }
});
