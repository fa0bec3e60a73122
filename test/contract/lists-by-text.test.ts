import { facetsSchema, sessionPageSchema, type TextExactness } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { FREQUENT, finderOf, foundIds, pushCorpus, storeFrequentWord } from "../support/search-corpus.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// A text beside the filters of lists, facets, tables and bulk changes: `q`, in the language of searches.

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedAccount(server, { scope: "full" });
const find = finderOf(server, ann);

beforeAll(() => pushCorpus(server, ann, ben));

const queryText = (query: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
const list = async (query: Record<string, string | number>) =>
  sessionPageSchema.parse(await ann.get(`/api/sessions?${queryText(query)}`));
const facets = async (query: Record<string, string | number>) =>
  facetsSchema.parse(await ann.get(`/api/sessions/facets?${queryText(query)}`));
const idsOf = ({ sessions }: Awaited<ReturnType<typeof list>>) => sessions.map(({ externalId }) => externalId);

/** A list in pages of some rows, to its end. */
async function pageByPage(query: Record<string, string | number>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page = await list({ ...query, ...(cursor !== "" && { cursor }) });
    ids.push(...idsOf(page));
    cursor = page.nextCursor;
  }
  return ids;
}

test.for([
  "token",
  "TOKEN vault",
  '"connection refused"',
  "depl*",
  "token -vault",
  "-token -hello",
  "zebra OR vault",
  "config/auth/session-store.ts",
  "getUserName",
  "user",
  "agent:codex",
  "agent:codex agent:cursor -hello",
  "-agent:codex token",
  "project:shop after:2026-01-08",
  "tool:bash role:assistant",
  "is:error",
  "before:2026-01-03 token",
  "colour:red",
  "vanished",
  "東京",
  "->",
])("a list with %s has the sessions that a search finds, and its facets count them", async (q) => {
  const found = foundIds(await find(q, { sort: "newest", limit: 100 }));
  const { sessions, total, exactness } = await list({ q });
  expect(sessions.map(({ externalId }) => externalId).sort()).toEqual(found.toSorted());
  expect(total).toBe(found.length);
  expect(exactness).toMatchObject({ isExact: true, ignored: [] });
  const counted = await facets({ q });
  expect(counted.total).toBe(found.length);
  expect(counted.exactness).toEqual(exactness);
  const agents = sessions.map(({ source }) => source);
  expect(counted.facets.agent?.values.toSorted((a, b) => (a.value < b.value ? -1 : 1))).toEqual(
    [...new Set(agents)].sort().map((value) => ({ value, count: agents.filter((one) => one === value).length })),
  );
});

test("without a text nothing is said of how exact an answer is", async () => {
  expect([(await list({ q: " " })).exactness, (await facets({})).exactness]).toEqual([undefined, undefined]);
});

test("nobody's words reach the sessions of another user, in titles, messages and names in code", async () => {
  for (const q of ["secret", "Ben's", "bens OR expires", `owner : "${ben.id}"`, `" OR owner : "${ben.id}`]) {
    const answers = [await list({ q }), await facets({ q })].map((answer) => JSON.stringify(answer)).join();
    expect(answers).not.toContain("bens");
    expect((await list({ q })).sessions.every(({ externalId }) => externalId !== "bens")).toBe(true);
  }
  expect((await facets({ q: "secret" })).total).toBe(0);
});

describe("a text and filters", () => {
  test("narrow together, and each facet ignores its own filter but not the text", async () => {
    expect(idsOf(await list({ q: "token", agent: "codex-cli" }))).toEqual(["deploy"]);
    const { total, facets: counts } = await facets({ q: "token", agent: "codex-cli" });
    expect(total).toBe(1);
    expect(counts.agent?.values).toEqual([
      { value: "codex-cli", count: 1 },
      { value: "opencode", count: 1 },
    ]);
    expect(counts.device?.values).toEqual([{ value: "Server-1", count: 1 }]);
  });

  test("find in the trash where it is asked for, unlike a search", async () => {
    await push(server, ann.key, { sessions: [{ externalId: "binned", title: "a discarded thing" }] });
    await ann.ask("/api/sessions/binned", { method: "DELETE" });
    expect(idsOf(await list({ q: "discarded" }))).toEqual([]);
    expect(idsOf(await list({ q: "discarded", status: "deleted" }))).toEqual(["binned"]);
    expect((await facets({ q: "discarded" })).facets.status?.values).toEqual([{ value: "deleted", count: 1 }]);
  });
});

test("a table holds what a list with the text holds, and a bulk change changes just that", async () => {
  const csv = await ann.ask("/api/export/csv?q=token");
  const rows = csv.text.trim().split("\r\n").slice(1);
  expect(rows.map((row) => row.split(",")[1]).sort()).toEqual(["deploy", "login"]);
  const body = JSON.stringify({ action: "patch", matching: true, changes: { addTags: ["token"] } });
  const changed = await ann.ask("/api/sessions/bulk?q=token&agent=opencode", { method: "POST", body });
  expect(JSON.parse(changed.text)).toMatchObject({ ok: true, chosen: 1, changed: 1 });
  expect(idsOf(await list({ tag: "token" }))).toEqual(["login"]);
});

test.for([
  ["q=token&searchBackTo=yesterday", "searchBackTo: expected a whole number"],
  ["q=token&cursor=updated-desc%7C5%7Cs", "cursor: expected the cursor of an earlier answer to the same question"],
  ["cursor=updated-desc%7C5%7Cs%7C5", "cursor: expected the cursor of an earlier answer to the same question"],
  [`q=${"x".repeat(1_001)}`, "q: expected at most 1000 characters"],
])("%s is a 400 that says what was expected", async ([query = "", text]) => {
  expect(await ann.ask(`/api/sessions?${query}`)).toEqual({ status: 400, text: expect.stringContaining(text ?? "") });
});

describe("a word that very many messages have", () => {
  const cay = sharedAccount(server, { scope: "full" });
  beforeAll(() => storeFrequentWord(server, cay));

  const page = async (query: string) => sessionPageSchema.parse(await cay.get(`/api/sessions?q=common&${query}`));
  const counts = async (query: string) => facetsSchema.parse(await cay.get(`/api/sessions/facets?q=common&${query}`));

  test("is looked for among the newest matches, and every answer says how far", async () => {
    const { total = 0, exactness } = await page("limit=1");
    const { isExact, matches = 0, searchedBackTo = 0 } = exactness ?? ({} as Partial<TextExactness>);
    expect(isExact).toBe(false);
    expect(matches).toBeGreaterThanOrEqual(5_000);
    expect(matches).toBeLessThan(12_000);
    // All that is newer was looked at, and of what is older nothing was missed at the edge of a block.
    const [row] = server.query<{ sessions: number; messages: number }>(
      "SELECT count(DISTINCT session) AS sessions, count(*) AS messages FROM messages WHERE user = ? AND createdAt > ?",
      ...[cay.id, searchedBackTo],
    );
    expect(total).toBe(row?.sessions);
    expect(matches).toBe(row?.messages);
    const counted = await counts(`searchBackTo=${searchedBackTo}`);
    expect(counted.exactness).toEqual(exactness);
    expect(counted.total).toBe(total);
    expect(counted.facets.agent?.values.reduce((sum, { count }) => sum + count, 0)).toBe(total);
  });

  test("gives in any order the same sessions on all pages, whatever arrives meanwhile", async () => {
    const query = "sort=cost&order=asc&limit=17";
    const first = await page(query);
    const ids = first.sessions.map(({ id }) => id);
    await push(server, cay.key, {
      messages: Array.from({ length: 900 }, (_, index) => ({
        ...{ sessionExternalId: "f0", externalId: `late-${index}`, role: "user", textContent: "common" },
        createdAt: 10 + index,
      })),
    });
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const next = await page(`${query}&cursor=${encodeURIComponent(cursor)}`);
      expect(next.exactness?.searchedBackTo).toBe(first.exactness?.searchedBackTo);
      ids.push(...next.sessions.map(({ id }) => id));
      cursor = next.nextCursor;
    }
    expect(new Set(ids).size).toBe(ids.length);
    const costs = server.query<{ id: string }>(
      `SELECT id FROM sessions WHERE id IN (SELECT value FROM json_each(?)) ORDER BY cost, id`,
      JSON.stringify(ids),
    );
    expect(ids).toEqual(costs.map(({ id }) => id));
    expect(ids.filter((id) => id !== "frequent0")).toHaveLength(first.total ?? 0);
  });

  test("finds everything where that is asked for, and wherever nobody waits", async () => {
    for (const answer of [await page("searchBackTo=0&limit=1"), await counts("searchBackTo=0")]) {
      expect(answer).toMatchObject({ total: FREQUENT.sessions, exactness: { isExact: true } });
      expect(answer.exactness).not.toHaveProperty("searchedBackTo");
    }
    // More sessions than are looked up one by one: the others are walked past.
    const { total, facets: counted } = await counts("searchBackTo=0&agent=cursor");
    expect(total).toBe(FREQUENT.sessions / 3);
    expect(counted.agent?.values).toEqual([
      { value: "opencode", count: (FREQUENT.sessions * 2) / 3 },
      { value: "cursor", count: FREQUENT.sessions / 3 },
    ]);
    const dearest = await page("searchBackTo=0&agent=cursor&sort=cost&limit=3");
    const rows = server.query<{ id: string }>(
      "SELECT id FROM sessions WHERE user = ? AND source = 'cursor' ORDER BY cost DESC, id DESC LIMIT 3",
      cay.id,
    );
    expect(dearest.sessions.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    const csv = await cay.ask("/api/export/csv?q=common");
    expect(csv.text.trim().split("\r\n")).toHaveLength(FREQUENT.sessions + 1);
    const body = JSON.stringify({ action: "patch", matching: true, changes: { starred: true } });
    const changed = await cay.ask("/api/sessions/bulk?q=common", { method: "POST", body });
    expect(JSON.parse(changed.text)).toMatchObject({ chosen: FREQUENT.sessions, changed: FREQUENT.sessions });
  });
});

test("pages of a short list with a text show every session once, in every order", async () => {
  for (const sort of ["updated", "created", "tokens", "cost", "duration", "messages"]) {
    const whole = await list({ q: "-zebra", sort });
    expect(whole.sessions.length).toBeGreaterThan(2);
    expect(await pageByPage({ q: "-zebra", sort, limit: 1 })).toEqual(idsOf(whole));
  }
});
