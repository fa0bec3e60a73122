import { expect, test } from "vitest";
import { parseSearch, stringifySearch } from "./search-params.ts";

test.each([
  { name: "nothing", search: {}, query: "" },
  { name: "a text that looks like a number", search: { title: "24" }, query: "?title=24" },
  { name: "several values", search: { agent: ["opencode", "cursor"] }, query: "?agent=opencode&agent=cursor" },
  { name: "signs of the query language", search: { title: "a&b=c #1 %" }, query: "?title=a%26b%3Dc+%231+%25" },
  { name: "an empty value", search: { project: "" }, query: "?project=" },
])("$name survives the address", ({ search, query }) => {
  expect(stringifySearch(search)).toBe(query);
  expect(parseSearch(query)).toEqual(search);
});

test("what is absent is not written", () => {
  expect(stringifySearch({ a: undefined, b: null, c: "x" })).toBe("?c=x");
});
