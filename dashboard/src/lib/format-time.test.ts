import { expect, test } from "vitest";
import { formatAge, formatAgo, formatDuration } from "./format-time.ts";

const NOW = Date.UTC(2026, 5, 15, 12);
const MINUTE = 60_000;

test.each([
  { name: "a clock that is ahead", agoMs: -5_000, age: "now", ago: "just now" },
  { name: "less than a minute", agoMs: 59_999, age: "now", ago: "just now" },
  { name: "exactly a minute", agoMs: MINUTE, age: "1m", ago: "1m ago" },
  { name: "almost an hour", agoMs: 60 * MINUTE - 1, age: "59m", ago: "59m ago" },
  { name: "hours", agoMs: 5 * 60 * MINUTE, age: "5h", ago: "5h ago" },
  { name: "days", agoMs: 6 * 24 * 60 * MINUTE, age: "6d", ago: "6d ago" },
  { name: "a week, so a date", agoMs: 7 * 24 * 60 * MINUTE, age: "8 Jun", ago: "on 8 Jun" },
  { name: "another year, so with the year", agoMs: 400 * 24 * 60 * MINUTE, age: "11 May 2025", ago: "on 11 May 2025" },
])("age of $name", ({ agoMs, age, ago }) => {
  expect(formatAge(NOW - agoMs, NOW)).toBe(age);
  expect(formatAgo(NOW - agoMs, NOW)).toBe(ago);
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1.0 s"],
  [9_949, "9.9 s"],
  [59_499, "59 s"],
  [60_000, "1m"],
  [252_000, "4m 12s"],
  [3_600_000, "1h"],
  [11_100_000, "3h 5m"],
  [187_200_000, "2d 4h"],
])("%d ms last %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
