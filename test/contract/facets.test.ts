import { type FacetName, facetNameSchema, facetsSchema, type Session, sessionPageSchema } from "@opensync/client";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { push } from "../support/push.ts";
import { manySessions } from "../support/sample-sessions.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const NOW = Date.UTC(2026, 5, 15, 12);

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });

type Row = Readonly<Record<string, string | number | null>>;

beforeAll(async () => {
  const sessions = manySessions(160, NOW).sessions.map(
    (session, index): Session => ({
      ...session,
      model: ["gpt-5.2", "opus", "haiku"][(index * 7) % 3] ?? "",
      gitBranch: index % 3 === 0 ? "" : `branch-${index % 11}`,
      ...(index % 6 === 0 ? { archivedAt: NOW } : {}),
    }),
  );
  sessions.push({ externalId: "elsewhere", source: "opencode", device: "Überall" });
  await push(server, ann.key, { sessions });
  const ids = server.query<{ id: string }>("SELECT id FROM sessions ORDER BY rowid").map(({ id }) => id);
  const patch = (index: number, body: object) =>
    ann.ask(`/api/sessions/${ids[index]}`, {
      method: "PATCH",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
    });
  for (const index of [1, 2, 3, 30])
    await patch(index, { tags: index % 2 ? ["billing", "odd"] : ["billing"], starred: index > 2 });
  for (const [index, evalStatus] of [
    [4, "golden"],
    [5, "golden"],
    [6, "incorrect"],
  ] as const)
    await patch(index, { evalStatus });
  for (const index of [8, 9]) await ann.ask(`/api/sessions/${ids[index]}`, { method: "DELETE" });
  // Somebody else's sessions are nobody's business.
  const ben = await createAccount(server, { scope: "full" });
  await push(server, ben.key, {
    sessions: [{ externalId: "b", source: "opencode", gitBranch: "bens", device: "thinkpad" }],
  });
});

/** The values that a row has of each facet. */
const VALUES: Readonly<Record<FacetName, (row: Row) => string[]>> = {
  agent: (row) => [String(row["source"])],
  model: (row) => [String(row["model"])],
  project: (row) => [String(row["projectName"])],
  device: (row) => [String(row["device"])],
  branch: (row) => [String(row["gitBranch"])],
  tag: (row) => JSON.parse(String(row["tags"] ?? "[]")),
  status: (row) => [Number(row["deletedAt"]) > 0 ? "deleted" : Number(row["archivedAt"]) > 0 ? "archived" : "active"],
  evalStatus: (row) => (row["evalStatus"] === "" ? [] : [String(row["evalStatus"])]),
};

type Filters = Partial<Record<FacetName, readonly string[]>>;

const isMatch = (row: Row, filters: Filters, without?: FacetName) =>
  facetNameSchema.options.every((name) => {
    if (name === without) return true;
    const wanted = filters[name] ?? (name === "status" ? ["active", "archived"] : undefined);
    return wanted === undefined || VALUES[name](row).some((value) => wanted.includes(value));
  });

function expectedFacet(rows: readonly Row[], name: FacetName, filters: Filters) {
  const counts = new Map<string, number>();
  for (const row of rows.filter((one) => isMatch(one, filters, name))) {
    for (const value of VALUES[name](row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts].map(([value, count]) => ({ value, count }));
  values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { values, distinct: values.length };
}

const queryOf = (filters: Filters) =>
  new URLSearchParams(Object.entries(filters).flatMap(([name, values]) => values.map((value) => [name, value])));

const chosen: fc.Arbitrary<Filters> = fc.record(
  {
    agent: fc.subarray(["opencode", "cursor", "some-new-agent", "nobody"], { minLength: 1 }),
    model: fc.subarray(["opus", "haiku"], { minLength: 1 }),
    project: fc.subarray(["infra", "mobile", "projects"], { minLength: 1 }),
    device: fc.subarray(["thinkpad", "ci-runner"], { minLength: 1 }),
    branch: fc.subarray(["", "branch-1", "branch-2"], { minLength: 1 }),
    tag: fc.constantFrom(["billing"], ["odd"]),
    status: fc.subarray(["active", "archived", "deleted"], { minLength: 1 }),
    evalStatus: fc.constant(["golden"]),
  },
  { requiredKeys: [] },
);

/** Texts to be found, and which of the sessions, which are known by their titles alone, have them. */
const TEXTS: Readonly<Record<string, (row: Row) => boolean>> = {
  "": () => true,
  "the retry": (row) => /\bthe\b.*\bretry\b|\bretry\b.*\bthe\b/i.test(String(row["title"])),
  "the OR migrat* -table": (row) =>
    /\b(the\b|migrat)/i.test(String(row["title"])) && !/\btable\b/i.test(String(row["title"])),
  "agent:cursor agent:new -branch:branch-2": (row) =>
    /cursor|new/.test(String(row["source"])) && !String(row["gitBranch"]).includes("branch-2"),
  "no-title-has-this": () => false,
};

test("under any filters and text each facet counts what its own filter would let through", async () => {
  const all = server.query<Row>("SELECT * FROM sessions WHERE user = ?", ann.id);
  const property = fc.asyncProperty(chosen, fc.constantFrom(...Object.keys(TEXTS)), async (filters, text) => {
    const query = queryOf(filters);
    query.set("q", text);
    const rows = all.filter((row) => TEXTS[text]?.(row));
    const answer = facetsSchema.parse(await ann.get(`/api/sessions/facets?${query}`));
    const expected = Object.fromEntries(
      facetNameSchema.options.map((name) => [name, expectedFacet(rows, name, filters)]),
    );
    const matching = rows.filter((row) => isMatch(row, filters));
    const { exactness, ...counts } = answer;
    expect(exactness?.isExact).toBe(text === "" ? undefined : true);
    expect(counts).toEqual({
      total: matching.length,
      starred: matching.filter(({ starred }) => starred === 1).length,
      facets: expected,
    });
    const list = sessionPageSchema.parse(await ann.get(`/api/sessions?limit=1&${query}`));
    expect(list.total).toBe(answer.total);
  });
  await fc.assert(property, {
    numRuns: 100,
    seed: 20_261_125,
    examples: [
      [{}, ""],
      [{ status: ["deleted"] }, ""],
      [{ tag: ["odd"], agent: ["cursor"] }, ""],
      [{}, "the retry"],
      [{ agent: ["cursor"] }, "agent:cursor agent:new -branch:branch-2"],
    ],
  });
});

const ask = async (query: string) => facetsSchema.parse(await ann.get(`/api/sessions/facets?${query}`));

test("other filters narrow every facet alike", async () => {
  const { total, facets } = await ask("title=retry+policy&facet=agent");
  const rows = server.query<Row>(
    "SELECT * FROM sessions WHERE user = ? AND deletedAt = 0 AND title LIKE '%retry policy%'",
    ann.id,
  );
  expect(total).toBe(rows.length);
  expect(facets).toEqual({ agent: expectedFacet(rows, "agent", {}) });
});

test("values can be searched, and a long facet says how many there are", async () => {
  const { facets } = await ask("facet=branch&facet=project&find=R&limit=2");
  expect(Object.keys(facets)).toEqual(["branch", "project"]);
  expect(facets.branch?.values).toHaveLength(2);
  expect(facets.branch?.distinct).toBe(11);
  expect(facets.project?.values.every(({ value }) => /r/i.test(value))).toBe(true);
});

test("values are searched in any case of any script", async () => {
  const { facets } = await ask("facet=device&find=%C3%BCBER");
  expect(facets.device?.values).toEqual([{ value: "Überall", count: 1 }]);
});

test("a text of wildcards is searched as it is", async () => {
  expect((await ask("facet=branch&find=%25")).facets.branch).toEqual({ values: [], distinct: 0 });
});

test("nobody's sessions give empty facets", async () => {
  const nobody = await createAccount(server, { scope: "full" });
  const { total, facets } = facetsSchema.parse(await nobody.get("/api/sessions/facets"));
  expect(total).toBe(0);
  expect(new Set(Object.values(facets).map(({ distinct }) => distinct))).toEqual(new Set([0]));
});

test.each([
  ["facet=colour", "facet: expected agent, model, project, device, branch, tag, status, evalStatus"],
  ["limit=0", "limit: expected a whole number from 1 to 1000"],
])("%s is a 400 that says what was expected", async (query, text) => {
  expect(await ann.ask(`/api/sessions/facets?${query}`)).toEqual({ status: 400, text: expect.stringContaining(text) });
});
