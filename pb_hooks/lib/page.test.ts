import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./page.ts";

const values = ["plain", "", "a|b", "100 %", "ünï", "../x?y#z"];

test.each(values)("the text %j comes back from a cursor as it was", (value) => {
  expect(decodeCursor(encodeCursor([7, value]), ["number", "text"])).toEqual([7, value]);
});

const strange = ["", "1", "1|2|3", "x|a", "|a", "NaN|a", "1|%", "1|%E0%A4%A"];

test.each(strange)("the cursor %j, which no page gave out, is refused", (cursor) => {
  expect(() => decodeCursor(cursor, ["number", "text"])).toThrow("cursor: expected the cursor of an earlier answer");
});
