import { describe, expect, test } from "vitest";
import { matchOf } from "./match.ts";
import { parseQuery, type SearchQuery } from "./query.ts";

/** Groups as `a|b*`, excluded terms with a minus, qualifiers as typed. */
function written({ groups, excluded, qualifiers }: SearchQuery): string[] {
  const term = ({ text, isPrefix }: SearchQuery["excluded"][number]) => `${text}${isPrefix ? "*" : ""}`;
  return [
    ...groups.map((group) => group.map(term).join("|")),
    ...excluded.map((one) => `-${term(one)}`),
    ...qualifiers.map(({ name, value, isExcluded }) => `${isExcluded ? "-" : ""}${name}=${value}`),
  ];
}

describe("a search is read as", () => {
  test.for<[typed: string, read: string[]]>([
    ["fix login", ["fix", "login"]],
    ['"not found" here', ["not found", "here"]],
    ['"never closed', ["never closed"]],
    ["deplo*", ["deplo*"]],
    ["de* a*", ["de*", "a*"]],
    ['fix -login -"not found"', ["fix", "-login", "-not found"]],
    ["a OR b c", ["a|b", "c"]],
    ["a or b", ["a", "or", "b"]],
    ["OR a", ["a"]],
    ["is:error OR a", ["a", "is=error"]],
    ["a OR", ["a"]],
    ["a OR -b c", ["a", "c", "-b"]],
    ["src/a/b.ts:12 err_1234 user@host", ["src/a/b.ts:12", "err_1234", "user@host"]],
    ["agent:codex Model:opus", ["agent=codex", "model=opus"]],
    ['project:"my shop" -device:laptop', ["project=my shop", "-device=laptop"]],
    ["is:error is:strange", ["is:strange", "is=error"]],
    ["before:2026-01-31 after:yesterday", ["after:yesterday", "before=2026-01-31"]],
    ["agent: std::vector http://x", ["agent:", "std::vector", "http://x"]],
    ['note:"to self"', ["note to self"]],
    ["-> ... — 🎉 ()", []],
    ["日本語 naïve", ["日本語", "naïve"]],
    ["- -- ---a", ["---a"].map(() => "---a")],
    ["", []],
  ])("%s", ([typed, read]) => {
    expect(written(parseQuery(typed))).toEqual(read);
  });

  test("so many terms and no more, and says which it leaves out", () => {
    const { groups, ignored } = parseQuery(Array.from({ length: 30 }, (_, index) => `w${index}`).join(" "));
    expect(groups).toHaveLength(24);
    expect(ignored).toEqual(["w24", "w25", "w26", "w27", "w28", "w29"]);
  });
});

describe("a search is sent to the index as", () => {
  const names = new Map([["user", ["getusername", "usertable"]]]);
  test.for<[typed: string, column: string, match: string]>([
    ["fix login", "", 'owner : "u1" AND ("fix") AND ("login")'],
    ["fix", "text", 'owner : "u1" AND {text} : (("fix"))'],
    ['say "he""llo', "", 'owner : "u1" AND ("say") AND ("he") AND ("llo")'],
    ['a"b', "", 'owner : "u1" AND ("a""b")'],
    ["dep* -x", "", '(owner : "u1" AND ("dep*")) NOT ("x")'.replace('"dep*"', '"dep" *')],
    ["-x", "", '(owner : "u1") NOT ("x")'],
    ["is:error", "", 'owner : "u1"'],
    ["user", "", 'owner : "u1" AND ("user" OR "getusername" OR "usertable")'],
    ["owner:u2 OR owner:u3", "", 'owner : "u1" AND ("owner:u2" OR "owner:u3")'],
  ])("%s (%s)", ([typed, column, match]) => {
    expect(matchOf("u1", parseQuery(typed), column, names)).toBe(match);
  });
});
