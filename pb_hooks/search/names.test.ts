import { expect, test } from "vitest";
import { Names, wordsOf } from "./names.ts";

test.for<[name: string, words: string[]]>([
  ["getUserName", ["get", "getuser", "user", "username", "name"]],
  ["parseHTTPHeader2", ["parse", "parsehttp", "http", "httpheader2", "header2"]],
  ["PascalCase", ["pascal", "case"]],
  ["aB", []],
  ["aGVsbG8gd29ybGQ", []],
  ["aVeryLongNameThatGoesOnAndOnAndOnAndOnAndOnAndOnAndOn", []],
])("%s is found by %j", ([name, words]) => {
  expect(wordsOf(name)).toEqual(words);
});

test("names are counted in a text, other words are not", () => {
  const names = new Names();
  names.add("ann", "const userId = getUserName(userId); // plain words, snake_case, CONSTANT, 2fast");
  names.add("ben", "userId");
  expect(names.take()).toEqual([
    [
      "ann",
      [
        ["userid", 2, ["user", "id"]],
        ["getusername", 1, ["get", "getuser", "user", "username", "name"]],
      ],
    ],
    ["ben", [["userid", 1, ["user", "id"]]]],
  ]);
  expect(names.take()).toEqual([]);
});

test("names are found whole wherever they stand in a long text", () => {
  const names = new Names();
  for (const filler of ["plain ", "\u00e9t\u00e9\n", "0123456789/"])
    names.add("ann", `${filler.repeat(900)}oneName ${filler.repeat(900)}twoName`);
  const counted = names.take().flatMap(([, ofAnn]) => ofAnn.map(([name, uses]) => [name, uses]));
  expect(counted).toEqual([
    ["onename", 3],
    ["twoname", 3],
  ]);
});

test("long runs of letters and digits are no names", () => {
  const names = new Names();
  names.add("ann", `${"abCd".repeat(2_000)} eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0`);
  expect(names.take()).toEqual([]);
});
