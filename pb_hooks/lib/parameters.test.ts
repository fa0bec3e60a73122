import { expect, test } from "vitest";
import { parseQuery, parseTime } from "./parameters.ts";

const moments: [text: string, iso: string][] = [
  ["100000000", "1970-01-02T03:46:40.000Z"],
  ["1764000000000", "2025-11-24T16:00:00.000Z"],
  ["2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["2028-02-29", "2028-02-29T00:00:00.000Z"],
  ["2026-01-31T12:30", "2026-01-31T12:30:00.000Z"],
  ["2026-01-31T12:30:15.5Z", "2026-01-31T12:30:15.500Z"],
  ["2026-01-31T12:30:00+05:45", "2026-01-31T06:45:00.000Z"],
];

test.each(moments)("%s is the moment %s", (text, iso) => {
  expect(new Date(parseTime(text) ?? Number.NaN).toISOString()).toBe(iso);
});

test.each([
  "yesterday",
  "2026",
  "2026-13-01",
  "2026-02-30",
  "2026-04-31T12:00Z",
  "31.01.2026",
  "-5",
  "1e12",
  "2026-01-31 12:30",
  "2026-01-31T12:30+5",
])("%s is no moment", (text) => {
  expect(parseTime(text)).toBeUndefined();
});

const queries: [query: string, values: Record<string, string[]>][] = [
  ["", {}],
  ["a=1&b=2&a=3", { a: ["1", "3"], b: ["2"] }],
  ["a&b=&=c&&", { a: [""], b: [""], "": ["c"] }],
  ["a=x=y&b%20c=%26+%2B", { a: ["x=y"], "b c": ["& +"] }],
  ["__proto__=1&constructor=2", { ["__proto__"]: ["1"], constructor: ["2"] }],
  ["q=%C3%BC%F0%9F%98%80", { q: ["ü\u{1F600}"] }],
];

test.each(queries)("the query %j is read in full", (query, values) => {
  expect([...parseQuery(query)]).toEqual(Object.entries(values));
});

test.each(["a=%", "%E0%A4%A=1", "a=%ff"])("the query %j is refused", (query) => {
  expect(() => parseQuery(query)).toThrow("The address is malformed");
});
