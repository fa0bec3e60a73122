import { describe, expect, test } from "vitest";
import {
  isUnfiltered,
  orderOf,
  readFilters,
  sortedBy,
  textScopeOf,
  toggleFacet,
  toggleStarred,
  withTextIn,
  withValue,
} from "./filters.ts";

describe("filters in the address", () => {
  test.each([
    { name: "nothing", search: {}, filters: {} },
    { name: "one value", search: { agent: "opencode" }, filters: { agent: ["opencode"] } },
    { name: "several values", search: { agent: ["a", "b", "a"] }, filters: { agent: ["a", "b"] } },
    { name: "the value of those without a project", search: { project: "" }, filters: { project: [""] } },
    { name: "an empty title", search: { title: "" }, filters: {} },
    { name: "an order", search: { sort: "cost", order: "asc" }, filters: { sort: "cost", order: "asc" } },
    { name: "the list's own order", search: { sort: "updated", order: "desc" }, filters: {} },
    { name: "a day that is none", search: { from: "yesterday", to: "2026-01-31" }, filters: { to: "2026-01-31" } },
    { name: "a text and how far", search: { q: "a b", reach: "all" }, filters: { q: "a b", reach: "all" } },
    { name: "a text that is too long", search: { q: "x".repeat(1_001) }, filters: {} },
    { name: "what is not a filter", search: { agent: 3, title: ["x"], other: "y", device: [] }, filters: {} },
  ])("$name", ({ search, filters }) => {
    expect(readFilters(search)).toEqual(filters);
  });
});

test("a value is added, and taken out again", () => {
  const one = toggleFacet({ title: "x" }, "project", "api");
  expect(one).toEqual({ title: "x", project: ["api"] });
  const two = toggleFacet(one, "project", "web");
  expect(two.project).toEqual(["api", "web"]);
  expect(toggleFacet(toggleFacet(two, "project", "api"), "project", "web")).toEqual({ title: "x" });
});

test("an empty title narrows nothing", () => {
  expect(withValue({ title: "x" }, "title", "")).toEqual({});
  expect(isUnfiltered(withValue({}, "title", "y"))).toBe(false);
});

test("a text is looked for in one place, and another text among its newest matches again", () => {
  expect(withTextIn({ title: "x", starred: "1" }, "q", "y")).toEqual({ q: "y", starred: "1" });
  expect(withTextIn({ q: "y", reach: "all" }, "title", "y")).toEqual({ title: "y" });
  expect(withValue({ q: "y", reach: "all" }, "q", "z")).toEqual({ q: "z" });
  expect(withValue({ q: "y", reach: "all" }, "from", "2026-01-31")).toEqual({
    q: "y",
    reach: "all",
    from: "2026-01-31",
  });
  expect([textScopeOf({}), textScopeOf({ title: "x" }), textScopeOf({ title: "x", q: "y" })]).toEqual([
    ...[undefined, "title", "q"],
  ]);
});

test("a star is asked for, and not any more", () => {
  expect(toggleStarred({ title: "x" })).toEqual({ title: "x", starred: "1" });
  expect(toggleStarred({ starred: "1" })).toEqual({});
});

test("the same order again is the other way round, another one begins with the largest", () => {
  const byCost = sortedBy({ title: "x" }, "cost");
  expect(byCost).toEqual({ title: "x", sort: "cost" });
  expect(sortedBy(byCost, "cost")).toEqual({ title: "x", sort: "cost", order: "asc" });
  expect(sortedBy(sortedBy(byCost, "cost"), "cost")).toEqual(byCost);
  expect(sortedBy(byCost, "updated")).toEqual({ title: "x" });
  expect(sortedBy({}, "updated")).toEqual({ order: "asc" });
});

test("an order narrows nothing", () => {
  expect(isUnfiltered({ sort: "cost", order: "asc" })).toBe(true);
  expect(orderOf({ sort: "cost", agent: ["x"] })).toEqual({ sort: "cost" });
});
