import { expect, test } from "vitest";
import { endOfRun } from "./merge-words.ts";

test("a run takes five seconds where nothing was stored for a while, and half a second as soon as something is", () => {
  const startMs = 1_700_000_000_000;
  expect(endOfRun(startMs, 0)).toBe(startMs + 5_000);
  expect(endOfRun(startMs, startMs - 20_000)).toBe(startMs + 5_000);
  expect(endOfRun(startMs, startMs - 10_000)).toBe(startMs + 500);
  expect(endOfRun(startMs, startMs + 1_000)).toBe(startMs + 500);
});
