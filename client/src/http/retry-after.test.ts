import { describe, expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 12, 0, 0);

describe("Retry-After", () => {
  test.each<[header: string | null, ms: number | undefined]>([
    ["0", 0],
    ["120", 120_000],
    [" 5 ", 5_000],
    ["Wed, 25 Nov 2026 12:00:30 GMT", 30_000],
    ["Wed, 25 Nov 2026 11:59:00 GMT", 0],
    ["Wednesday, 25-Nov-26 12:00:30 GMT", undefined],
    [null, undefined],
    ["", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["2026-11-25T12:00:30Z", undefined],
  ])("%j asks for %j ms", (header, ms) => {
    expect(parseRetryAfter(header, NOW_MS)).toBe(ms);
  });
});
