import { expect, test } from "vitest";
import { daysAgo } from "./days.ts";

test.each([
  { days: 0, now: new Date(2026, 0, 31, 23, 59), day: "2026-01-31" },
  { days: 31, now: new Date(2026, 0, 31, 0, 0), day: "2025-12-31" },
  { days: 1, now: new Date(2026, 2, 30, 0, 30), day: "2026-03-29" },
])("$days days before $now is $day", ({ days, now, day }) => {
  expect(daysAgo(days, now)).toBe(day);
});
