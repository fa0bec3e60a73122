import { describe, expect, test } from "vitest";
import { isUnfiltered, readFilters, toggleFacet, withTitle } from "./filters.ts";

describe("filters in the address", () => {
  test.each([
    { name: "nothing", search: {}, filters: {} },
    { name: "one value", search: { agent: "opencode" }, filters: { agent: ["opencode"] } },
    { name: "several values", search: { agent: ["a", "b", "a"] }, filters: { agent: ["a", "b"] } },
    { name: "the value of those without a project", search: { project: "" }, filters: { project: [""] } },
    { name: "an empty title", search: { title: "" }, filters: {} },
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
  expect(withTitle({ title: "x" }, "")).toEqual({});
  expect(isUnfiltered(withTitle({}, "y"))).toBe(false);
});
