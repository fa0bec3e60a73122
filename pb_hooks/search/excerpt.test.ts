import { expect, test } from "vitest";
import { excerptOf, marksIn, type Needle } from "./excerpt.ts";

const word = (text: string, isPrefix = false): Needle => ({ text, isPrefix });
const phrase: Needle = { text: "a/b.ts", isPrefix: false, pieces: [word("a"), word("b"), word("ts")] };
const marked = (text: string, ...needles: Needle[]) =>
  marksIn(text, needles).map(([start, end]) => text.slice(start, end));

test.for<[what: string, text: string, needles: Needle[], marks: string[]]>([
  ["whole words in any case", "Cat, concatenate: CAT", [word("cat")], ["Cat", "CAT"]],
  ["words that go on", "deploy deployment redeploy", [word("deplo", true)], ["deploy", "deployment"]],
  ["overlapping matches once", "login", [word("login"), word("log", true)], ["login"]],
  ["a phrase as a whole", "see a/b.ts, not b", [phrase], ["a/b.ts"]],
  ["its pieces where the whole is not there", "a b ts", [phrase], ["a", "b", "ts"]],
  ["nothing where nothing is", "other", [word("cat")], []],
  ["letters of other scripts", "naïve naïveté", [word("naïve")], ["naïve"]],
  ["text that grows in small letters", "İİİ cat", [word("cat")], ["cat"]],
])("marks %s", ([, text, needles, marks]) => {
  expect(marked(text, ...needles)).toEqual(marks);
});

test("an excerpt shows the place with the most matches, between whole words", () => {
  const text = `${"filler words ".repeat(40)}cat ${"other words ".repeat(40)}cat dog cat ${"end of it ".repeat(40)}`;
  const { snippet, marks } = excerptOf(text, [word("cat"), word("dog")]);
  expect(marks.map(([start, end]) => snippet.slice(start, end))).toEqual(["cat", "dog", "cat"]);
  expect(snippet.length).toBeLessThan(250);
  expect(snippet).toMatch(/^…(?:other|words) .* \w+…$/);
});

test("an excerpt of a short text is the text", () => {
  expect(excerptOf("fix the cat", [word("cat")])).toEqual({ snippet: "fix the cat", marks: [[8, 11]] });
});

test("an excerpt of a text without spaces is cut anywhere", () => {
  const { snippet } = excerptOf("x".repeat(5_000), [word("cat")]);
  expect(snippet).toBe(`${"x".repeat(240)}…`);
});
