import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { containsInAnyCase } from "./any-case.ts";

const database = new DatabaseSync(":memory:");
const matches = (text: string, part: string) =>
  database.prepare("SELECT ? GLOB ? AS found").get(text, containsInAnyCase(part))?.["found"] === 1;

test.for([
  ["Retry policy", "RETRY"],
  ["Überblick", "über"],
  ["проект", "ПРОЕ"],
  ["ΟΔΟΣ", "οδοσ"],
  ["Straße", "STRAß"],
  ["a]b^c-d", "]B^C-D"],
  ["100% [sure]?", "% [S"],
  ["日本語", "本"],
  ["a \u{1F600} b", "\u{1F600} B"],
  ["anything", ""],
] as const)("%s contains %s", ([text, part]) => {
  expect(matches(text, part)).toBe(true);
});

test.for([
  ["abc", "*"],
  ["abc", "a?c"],
  ["abc", "[a]"],
  ["abc", "^"],
  ["uber", "über"],
] as const)("%s does not contain %s", ([text, part]) => {
  expect(matches(text, part)).toBe(false);
});
