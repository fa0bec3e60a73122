import { type Session, sessionPageSchema } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { manySessions } from "../support/sample-sessions.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const NOW = Date.UTC(2026, 5, 15, 12);
const COUNT = 230;

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedAccount(server, { scope: "full" });

type Row = Readonly<Record<string, string | number | null>>;

beforeAll(async () => {
  const { sessions } = manySessions(COUNT, NOW);
  const varied = sessions.map(
    (session, index): Session => ({
      ...session,
      model: ["gpt-5.2", "opus", "100%_sure"][index % 3] ?? "",
      provider: ["openai", "anthropic", ""][index % 3] ?? "",
      gitBranch: index % 4 === 0 ? "" : `branch-${index % 4}`,
      durationMs: (index * 7919) % 90_000,
      ...(index % 5 === 0 ? { parentExternalId: "ses_many_1" } : {}),
      ...(index % 9 === 0 ? { archivedAt: NOW } : {}),
      // Two in a row end at the same time: only the id tells them apart.
      updatedAt: (session.updatedAt ?? 0) - (index % 2) * 71 * 60_000,
    }),
  );
  await push(server, ann.key, { sessions: varied });
  await push(server, ben.key, {
    sessions: [{ externalId: "ses_many_0", title: "Ben's", createdAt: NOW, updatedAt: NOW }],
  });
  const ids = idsOf("SELECT id FROM sessions WHERE user = ? ORDER BY rowid");
  const patch = (id: string | undefined, body: object) =>
    ann.ask(`/api/sessions/${id}`, {
      method: "PATCH",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
    });
  for (const index of [3, 13, 23]) await patch(ids[index], { tags: ["billing", `t${index}`], starred: true });
  await patch(ids[41], { customTitle: "Проект [über]" });
  await patch(ids[40], { evalStatus: "golden", evalReady: true, customTitle: "Renamed by hand" });
  for (const index of [7, 17]) await ann.ask(`/api/sessions/${ids[index]}`, { method: "DELETE" });
});

const rows = (sql = "SELECT * FROM sessions WHERE user = ? AND deletedAt = 0") => server.query<Row>(sql, ann.id);
const idsOf = (sql: string) => rows(sql).map(({ id }) => String(id));
const readPage = async (query: string) => sessionPageSchema.parse(await ann.get(`/api/sessions?${query}`));

/** All sessions of a question, page by page. */
async function readAll(query: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await readPage(`${query}&limit=${limit}&cursor=${encodeURIComponent(cursor)}`);
    expect(page.sessions.length).toBeGreaterThan(0);
    ids.push(...page.sessions.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return ids;
}

const orders: [sort: string, value: (row: Row) => number][] = [
  ["updated", (row) => Number(row["updatedAt"])],
  ["created", (row) => Number(row["createdAt"])],
  ["tokens", (row) => Number(row["promptTokens"]) + Number(row["completionTokens"])],
  ["cost", (row) => Number(row["cost"])],
  ["duration", (row) => Number(row["durationMs"])],
  ["messages", (row) => Number(row["messageCount"])],
];

describe.each(orders)("sorted by %s", (sort, value) => {
  test.each([
    ["desc", 37],
    ["asc", 1_000],
  ])("%s, pages of %i hold every session once, in order", async (order, limit) => {
    const sign = order === "asc" ? 1 : -1;
    const expected = rows().toSorted(
      (a, b) => sign * (value(a) - value(b) || (String(a["id"]) < String(b["id"]) ? -1 : 1)),
    );
    expect(await readAll(`sort=${sort}&order=${order}`, limit)).toEqual(expected.map(({ id }) => id));
  });
});

const name =
  (...columns: string[]) =>
  (row: Row) =>
    columns.map((column) => String(row[column] ?? ""));
const sum = (row: Row) => Number(row["promptTokens"]) + Number(row["completionTokens"]);
const isPriced = (row: Row) => ["reported", "computed"].includes(String(row["costSource"]));

const filters: [query: string, matches: (row: Row) => boolean][] = [
  ["agent=opencode", (row) => row["source"] === "opencode"],
  ["source=cursor-sync", (row) => row["source"] === "cursor"],
  [
    "agent=opencode&agent=cursor&project=infra",
    (row) => name("source")(row).some((one) => /^(opencode|cursor)$/.test(one)) && row["projectName"] === "infra",
  ],
  ["project=", (row) => row["projectName"] === ""],
  ["project=&project=infra", (row) => row["projectName"] === "" || row["projectName"] === "infra"],
  ["device=mac-mini&model=opus", (row) => row["device"] === "mac-mini" && row["model"] === "opus"],
  ["provider=anthropic", (row) => row["provider"] === "anthropic"],
  ["branch=branch-2&branch=", (row) => row["gitBranch"] === "branch-2" || row["gitBranch"] === ""],
  ["model=100%25_sure", (row) => row["model"] === "100%_sure"],
  ["tag=billing", (row) => String(row["tags"]).includes('"billing"')],
  ["tag=t3&tag=t13", (row) => /"t3"|"t13"/.test(String(row["tags"]))],
  ["starred=1", (row) => row["starred"] === 1],
  ["starred=false&agent=codex-cli", (row) => row["starred"] === 0 && row["source"] === "codex-cli"],
  ["evalStatus=golden", (row) => row["evalStatus"] === "golden"],
  ["evalReady=true", (row) => row["evalReady"] === 1],
  ["status=active", (row) => row["archivedAt"] === 0],
  ["status=archived", (row) => Number(row["archivedAt"]) > 0],
  ["status=archived&status=active", () => true],
  ["subagents=only", (row) => row["parentExternalId"] !== ""],
  ["subagents=exclude", (row) => row["parentExternalId"] === ""],
  ["parent=ses_many_1", (row) => row["parentExternalId"] === "ses_many_1"],
  ["minCost=1.5", (row) => isPriced(row) && Number(row["cost"]) >= 1.5],
  ["minCost=1&maxCost=20", (row) => isPriced(row) && Number(row["cost"]) >= 1 && Number(row["cost"]) <= 20],
  ["costSource=unknown&costSource=", (row) => !isPriced(row)],
  ["minTokens=100000", (row) => sum(row) >= 100_000],
  ["maxTokens=0", (row) => sum(row) === 0],
  ["title=retry+POLICY", (row) => /retry policy/i.test(String(row["title"]))],
  ["title=ПРОЕКТ+[Über", (row) => row["customTitle"] === "Проект [über]"],
  ["title=by+hand", (row) => row["customTitle"] === "Renamed by hand"],
  ["title=%25", (row) => name("title", "customTitle")(row).some((one) => one.includes("%"))],
  [`from=${NOW - 86_400_000}`, (row) => Number(row["updatedAt"]) >= NOW - 86_400_000],
  [
    `from=${NOW - 90_000_000}&to=${NOW - 80_000_000}`,
    (row) => Number(row["updatedAt"]) >= NOW - 90_000_000 && Number(row["createdAt"]) < NOW - 80_000_000,
  ],
  [
    "from=2026-06-10&to=2026-06-11&tz=America/New_York",
    (row) =>
      Number(row["updatedAt"]) >= Date.UTC(2026, 5, 10, 4) && Number(row["createdAt"]) < Date.UTC(2026, 5, 12, 4),
  ],
];

test.each(filters)("%s lets through what it says, counts it, and nothing else", async (query, matches) => {
  const expected = rows()
    .filter(matches)
    .map(({ id }) => id);
  const { sessions, total } = await readPage(`${query}&limit=500`);
  expect(total).toBe(expected.length);
  expect(sessions.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
});

const wrong: [query: string, text: string][] = [
  ["limit=0", "limit: expected a whole number from 1 to 10000"],
  ["limit=10001", "limit: expected a whole number from 1 to 10000"],
  ["limit=many", "limit: expected a whole number from 1 to 10000, got many"],
  ["sort=best", "sort: expected updated, created, tokens, cost, duration, messages"],
  ["order=up", "order: expected desc, asc"],
  ["cursor=x", "cursor: expected the cursor of an earlier answer"],
  ["cursor=1%7C2", "cursor: expected the cursor of an earlier answer"],
  ["cursor=updated-desc%7Cx%7Cy", "cursor: expected the cursor of an earlier answer"],
  ["sort=cost&cursor=updated-desc%7C1%7Cy", "cursor: expected the cursor of a page in the same order"],
  ["order=asc&cursor=updated-desc%7C1%7Cy", "cursor: expected the cursor of a page in the same order"],
  ["status=gone", "status: expected active, archived, deleted"],
  ["starred=maybe", "starred: expected 1, 0, true or false"],
  ["minCost=cheap", "minCost: expected a number"],
  ["subagents=some", "subagents: expected include, exclude, only"],
  ["from=yesterday", "from: expected epoch milliseconds or a date"],
  ["from=2026-02-30", "from: expected epoch milliseconds or a date"],
  ["from=2026-06-10&to=2026-06-01", "to: expected a time after from"],
  ["tz=Mars/Olympus", "tz: expected a time zone"],
  ["title=%ff", "The address is malformed"],
  [`title=${"x".repeat(201)}`, "title: expected at most 200 characters"],
  [`agent=${"x&agent=".repeat(101)}`, "agent: expected at most 100 values"],
];

test.each(wrong)("%s is a 400 that says what was expected", async (query, text) => {
  const answer = await ann.ask(`/api/sessions?${query}`);
  expect(answer).toEqual({ status: 400, text: expect.stringContaining(`{"error":"${text}`) });
});

test("without parameters the newest 50 come, in the first version's shape", async () => {
  const { sessions, nextCursor, total } = await readPage("");
  expect(sessions).toHaveLength(50);
  expect(nextCursor).not.toBeNull();
  expect(total).toBe(COUNT - 2);
  const names = ["id", "externalId", "title", "projectPath", "projectName", "model", "provider", "promptTokens"].concat(
    ["completionTokens", "totalTokens", "cost", "durationMs", "isPublic", "messageCount", "createdAt", "updatedAt"],
    ["source"],
  );
  expect(Object.keys(sessions.find(({ externalId }) => externalId === "ses_many_1") ?? {})).toEqual(
    expect.arrayContaining(names),
  );
});

test("what is absent has no member, and nothing is null", async () => {
  const { text } = await ben.ask("/api/sessions");
  const [session] = sessionPageSchema.parse(JSON.parse(text)).sessions;
  expect(Object.keys(session ?? {}).toSorted()).toEqual(
    [
      "completionTokens",
      "cost",
      "createdAt",
      "evalReady",
      "externalId",
      "id",
      "isPublic",
      "messageCount",
      "promptTokens",
    ].concat(["source", "starred", "syncedAt", "title", "toolCallCount", "totalTokens", "updatedAt"]),
  );
});

test("the total is counted for the first page only", async () => {
  const first = await readPage("limit=10");
  const second = await readPage(`limit=10&cursor=${encodeURIComponent(first.nextCursor ?? "")}`);
  expect([first.total, second.total]).toEqual([COUNT - 2, undefined]);
});

test("sessions that come while somebody pages are neither repeated nor in the way", async () => {
  const first = await readPage("limit=10");
  await push(server, ann.key, { sessions: [{ externalId: "ses_new", createdAt: NOW, updatedAt: NOW + 1 }] });
  const second = await readPage(`limit=10&cursor=${encodeURIComponent(first.nextCursor ?? "")}`);
  const ids = [...first.sessions, ...second.sessions].map(({ id }) => id);
  expect(new Set(ids).size).toBe(20);
  expect((await readPage("limit=1")).sessions[0]?.externalId).toBe("ses_new");
});
