import { describe, expect, test } from "vitest";
import type { SessionRow } from "../../lib/session-record.ts";
import { hasVanished, isMatch, mergeChanged, newestSync, rowsOf, type SessionPage } from "./session-list.ts";

const row = (id: string, updatedAt: number, fields: Partial<SessionRow> = {}): SessionRow => ({
  id,
  updatedAt,
  source: "opencode",
  title: id,
  customTitle: "",
  projectName: "api",
  projectPath: "",
  device: "laptop",
  gitBranch: "",
  model: "",
  parentExternalId: "",
  tags: null,
  starred: false,
  evalStatus: "",
  durationMs: 0,
  messageCount: 0,
  toolCallCount: 0,
  promptTokens: 0,
  completionTokens: 0,
  tokensInput: 0,
  tokensCacheRead: 0,
  tokensCacheWrite: 0,
  tokensOutput: 0,
  tokensReasoning: 0,
  cost: 0,
  unpricedMessages: 0,
  costSource: "",
  createdAt: 0,
  syncedAt: updatedAt,
  archivedAt: 0,
  deletedAt: 0,
  ...fields,
});

/** Two pages, 9 to 6, with more to come after 6. */
const pages: SessionPage[] = [
  { items: [row("a", 9), row("b", 8)], next: "8|b", total: 9 },
  { items: [row("c", 7), row("d", 6)], next: "6|d" },
];
const ids = (list: readonly SessionPage[]) => rowsOf(list).map(({ id }) => id);

describe("merging changes into the list", () => {
  test("at the top a new session comes first and a changed one moves up", () => {
    const { pages: merged, held } = mergeChanged(pages, [row("new", 11), row("c", 10)], {}, true);
    expect(ids(merged)).toEqual(["new", "c", "a", "b", "d"]);
    expect(held).toEqual([]);
  });

  test("further down nothing moves: rows are renewed in place, new ones are held", () => {
    const { pages: merged, held } = mergeChanged(pages, [row("new", 11), row("c", 10, { title: "C" })], {}, false);
    expect(rowsOf(merged).map(({ title }) => title)).toEqual(["a", "b", "C", "d"]);
    expect(held.map(({ id }) => id)).toEqual(["new"]);
  });

  test("a deleted session leaves, wherever the reader is", () => {
    expect(ids(mergeChanged(pages, [row("b", 8, { deletedAt: 1 })], {}, false).pages)).toEqual(["a", "c", "d"]);
  });

  test("what belongs after the last loaded row is left to paging", () => {
    const { pages: merged, held } = mergeChanged(pages, [row("old", 3)], {}, true);
    expect(ids(merged)).toEqual(["a", "b", "c", "d"]);
    expect(held).toEqual([]);
  });

  test("with everything loaded an old session comes last", () => {
    const all: SessionPage[] = [{ items: [row("a", 9)], next: null }];
    expect(ids(mergeChanged(all, [row("old", 3)], {}, true).pages)).toEqual(["a", "old"]);
  });

  test("the list goes on paging from where it was", () => {
    const { pages: merged } = mergeChanged(pages, [row("new", 11)], {}, true);
    expect(merged.at(-1)?.next).toBe("6|d");
    expect(merged[0]?.total).toBe(9);
    expect(merged).toHaveLength(2);
  });

  test.each([
    { filters: { sort: "tokens" as const }, expected: ["new", "a", "b"] },
    { filters: { sort: "tokens" as const, order: "asc" as const }, expected: ["b", "a", "new"] },
    { filters: { sort: "created" as const }, expected: ["a", "b", "new"] },
  ])("a new session takes its place in the order of $filters", ({ filters, expected }) => {
    const all: SessionPage[] = [
      {
        items: [row("a", 9, { promptTokens: 5, createdAt: 9 }), row("b", 8, { promptTokens: 3, createdAt: 8 })],
        next: null,
      },
    ];
    expect(ids(mergeChanged(all, [row("new", 11, { promptTokens: 7, createdAt: 1 })], filters, true).pages)).toEqual(
      expected,
    );
  });

  test("a new session that the filters keep out stays out", () => {
    const { pages: merged, held } = mergeChanged(
      pages,
      [row("new", 11, { source: "cursor" })],
      { agent: ["opencode"] },
      true,
    );
    expect(ids(merged)).toEqual(["a", "b", "c", "d"]);
    expect(held).toEqual([]);
  });
});

test("a session that two pages hold is one row", () => {
  expect(ids([...pages, { items: [row("a", 9)], next: null }])).toEqual(["a", "b", "c", "d"]);
});

test.each([
  { filters: { title: "FIX" }, fields: { title: "a fix" }, isIn: true },
  { filters: { title: "fix" }, fields: { title: "other", customTitle: "My Fix" }, isIn: true },
  { filters: { title: "fix" }, fields: { title: "other" }, isIn: false },
  { filters: { project: ["", "web"] }, fields: { projectName: "" }, isIn: true },
  { filters: { device: ["phone"] }, fields: {}, isIn: false },
  { filters: { tag: ["bug", "x"] }, fields: { tags: ["auth", "bug"] }, isIn: true },
  { filters: { tag: ["bug"] }, fields: { tags: null }, isIn: false },
  { filters: { starred: "1" as const }, fields: {}, isIn: false },
  { filters: { from: "2026-03-01" }, fields: { updatedAt: new Date(2026, 2, 1).getTime() }, isIn: true },
  { filters: { from: "2026-03-01" }, fields: { updatedAt: new Date(2026, 2, 1).getTime() - 1 }, isIn: false },
  { filters: { to: "2026-02-28" }, fields: { createdAt: new Date(2026, 2, 1).getTime() - 1 }, isIn: true },
  { filters: { to: "2026-02-28" }, fields: { createdAt: new Date(2026, 2, 1).getTime() }, isIn: false },
  { filters: {}, fields: { deletedAt: 1 }, isIn: false },
])("$filters and $fields: $isIn", ({ filters, fields, isIn }) => {
  expect(isMatch(row("a", 1, fields), filters)).toBe(isIn);
});

test("the newest time of the server's clock is what the next pull begins at", () => {
  expect(newestSync([row("a", 1, { syncedAt: 5 }), row("b", 2, { syncedAt: 9 })])).toBe(9);
  expect(newestSync([])).toBe(0);
});

test("a row that has changed and is not among the changes is gone", () => {
  const rows = [row("old", 1, { syncedAt: 5 }), row("new", 2, { syncedAt: 9 })];
  expect(hasVanished(rows, 8, [row("new", 2, { syncedAt: 12, deletedAt: 1 })])).toBe(false);
  expect(hasVanished(rows, 8, [row("other", 3, { syncedAt: 12 })])).toBe(true);
  expect(hasVanished([], 0, [])).toBe(false);
});
