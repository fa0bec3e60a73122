import PocketBase from "pocketbase";
import { describe, expect, test } from "vitest";
import { matching, pageOf, withOtherFacet } from "./session-query.ts";

/** The filter as it travels, values put in by the SDK. */
const sent = ({ filter, params }: ReturnType<typeof matching>) => new PocketBase("http://x").filter(filter, params);

describe("the condition of a page", () => {
  test("without filters only deleted sessions are left out", () => {
    expect(sent(matching({}))).toBe("deletedAt = 0");
  });

  test("values of one facet are alternatives, facets narrow each other", () => {
    expect(sent(matching({ agent: ["opencode", "cursor"], device: ["laptop"] }))).toBe(
      `deletedAt = 0 && (source = "opencode" || source = "cursor") && (device = "laptop")`,
    );
  });

  test("a title is looked for in the shown and in the agent's own", () => {
    expect(sent(matching({ title: "fix" }))).toBe(`deletedAt = 0 && (customTitle ~ "fix" || title ~ "fix")`);
  });

  test("what a person typed stays a value, whatever it holds", () => {
    expect(sent(matching({ project: [`" || id != "`] }))).toBe(`deletedAt = 0 && (projectName = "\\" || id != \\"")`);
  });

  test("a percent sign that a person typed is no wildcard", () => {
    expect(matching({ title: "100%" }).params).toEqual({ title: "100\\%" });
  });

  test("the next page begins after the last row, which shares its time with others", () => {
    expect(sent(pageOf({}, { updatedAt: 5, id: "abc" }))).toBe(
      `deletedAt = 0 && (updatedAt < 5 || (updatedAt = 5 && id < "abc"))`,
    );
  });

  test("values of a facet beyond the known ones are asked for by leaving those out", () => {
    expect(sent(withOtherFacet("agent", "", ["opencode", ""]))).toBe(
      `deletedAt = 0 && source != "opencode" && source != ""`,
    );
  });

  test("values of a facet are searched by what was typed", () => {
    expect(sent(withOtherFacet("project", "store", []))).toBe(`deletedAt = 0 && projectName ~ "store"`);
    expect(sent(withOtherFacet("agent", "", []))).toBe("deletedAt = 0");
  });
});
