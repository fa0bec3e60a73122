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
  names.add("const userId = getUserName(userId); // plain words, snake_case, CONSTANT, 2fast");
  expect(Object.fromEntries(names.uses)).toEqual({ userid: 2, getusername: 1 });
});
