import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { containsSql, patternOf } from "./any-case.ts";

const database = new DatabaseSync(":memory:");
const matches = (text: string, part: string) =>
  database.prepare(`SELECT ${containsSql("?", part, "?")} AS found`).get(text, patternOf(part))?.["found"] === 1;

test.for([
  ["Retry policy", "RETRY"],
  ["Überblick", "über"],
  ["проект", "ПРОЕ"],
  ["ΟΔΟΣ", "οδοσ"],
  ["Straße", "STRAß"],
  ["a]b^c-d", "]B^C-D"],
  ["100% [sure]?", "% [S"],
  ["日本語", "本"],
  ["50%_\\ off", "%_\\"],
  ["a \u{1F600} b", "\u{1F600} B"],
  ["anything", ""],
] as const)("%s contains %s", ([text, part]) => {
  expect(matches(text, part)).toBe(true);
});

test.for([
  ["abc", "a%c"],
  ["abc", "a_c"],
  ["äbc", "ä*c"],
  ["äbc", "ä?c"],
  ["äbc", "ä[b]"],
  ["abc", "*"],
  ["abc", "a?c"],
  ["abc", "[a]"],
  ["abc", "^"],
  ["uber", "über"],
] as const)("%s does not contain %s", ([text, part]) => {
  expect(matches(text, part)).toBe(false);
});
