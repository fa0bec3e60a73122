import { describe, expect, test } from "vitest";
import { replaceUnstorable } from "./clean-texts.ts";

const CASES: readonly (readonly [what: string, json: string, clean: string])[] = [
  ["nothing", '"plain \\n \\" \\u00e9 text"', '"plain \\n \\" \\u00e9 text"'],
  ["NUL", '"a\\u0000b"', '"a\\ufffdb"'],
  ["a surrogate without its second half", '"\\ud83d"', '"\\ufffd"'],
  ["a second half without its first", '"\\uDE00x"', '"\\ufffdx"'],
  ["halves in the wrong order", '"\\ude00\\ud83d"', '"\\ufffd\\ufffd"'],
  ["two first halves before a second", '"\\ud83d\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'],
  ["not a whole pair", '"\\uD83D\\uDE00"', '"\\uD83D\\uDE00"'],
  ["not what follows an escaped backslash", '"\\\\ud83d \\\\\\\\u0000"', '"\\\\ud83d \\\\\\\\u0000"'],
  ["what follows two backslashes and an escape", '"\\\\\\ud83d"', '"\\\\\\ufffd"'],
];

describe("replaces by U+FFFD", () => {
  test.for(CASES)("%s", ([, json, clean]) => {
    expect(replaceUnstorable(json)).toBe(clean);
    expect(JSON.parse(clean)).toBe(JSON.parse(json).toWellFormed().replaceAll("\u0000", "\uFFFD"));
  });
});
