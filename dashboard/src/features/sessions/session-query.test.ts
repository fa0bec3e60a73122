import { expect, test } from "vitest";
import { queryOf } from "./session-query.ts";

test("filters travel under the names that the address has for them, the order apart", () => {
  expect(queryOf({ agent: ["a", "b"], project: [""], title: "x", starred: "1", sort: "cost", order: "asc" })).toEqual({
    agent: ["a", "b"],
    project: [""],
    title: "x",
    starred: "1",
    tz: undefined,
  });
});

test("how far a text is looked for is the list's own question", () => {
  expect(queryOf({ q: "x", reach: "all" })).not.toHaveProperty("reach");
});

test("days are those of the viewer's time zone, in a text as well", () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  expect(queryOf({ from: "2026-01-31" })["tz"]).toBe(timeZone);
  expect(queryOf({ q: "after:2026-01-31" })["tz"]).toBe(timeZone);
});
