import { expect, test } from "vitest";
import { formatBytes, formatCompact, formatCounted } from "./format-number.ts";

test("a count agrees with its noun", () => {
  expect([0, 1, 2, 12_345].map((count) => formatCounted(count, "message"))).toEqual([
    "0 messages",
    "1 message",
    "2 messages",
    "12,345 messages",
  ]);
});

test("a column shows few digits", () => {
  expect([0, 999, 12_345, 4_500_000].map(formatCompact)).toEqual(["0", "999", "12.3K", "4.5M"]);
});

test("sizes use powers of a thousand", () => {
  expect([0, 999, 1_000, 12_345, 4_500_000, 7e9].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "12.3 kB",
    "4.5 MB",
    "7.0 GB",
  ]);
});
