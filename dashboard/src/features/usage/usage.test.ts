import type { UsageRow } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { labelOf, labelsBetween, showLabel } from "./calendar.ts";
import { chartColumns, groupUsage } from "./group-usage.ts";
import { readUsageView, usageAddress, withRange } from "./usage-address.ts";

describe("the calendar", () => {
  test.each([
    { day: "2026-02-01", unit: "day", label: "2026-02-01" },
    { day: "2026-02-01", unit: "week", label: "2026-01-26" },
    { day: "2026-01-26", unit: "week", label: "2026-01-26" },
    { day: "2026-02-01", unit: "month", label: "2026-02" },
  ] as const)("$day is in the $unit $label", ({ day, unit, label }) => {
    expect(labelOf(day, unit)).toBe(label);
  });

  test.each([
    { unit: "day", labels: ["2026-01-30", "2026-01-31", "2026-02-01"] },
    { unit: "week", labels: ["2026-01-26"] },
    { unit: "month", labels: ["2026-01", "2026-02"] },
  ] as const)("holds every $unit, used or not", ({ unit, labels }) => {
    expect(labelsBetween("2026-01-30", "2026-02-01", unit)).toEqual(labels);
  });

  test.each([
    { label: "2026-01-05", unit: "day", shown: "5 Jan" },
    { label: "2026-01-05", unit: "week", shown: "week of 5 Jan" },
    { label: "2026-01", unit: "month", shown: "Jan 2026" },
  ] as const)("$label reads $shown", ({ label, unit, shown }) => {
    expect(showLabel(label, unit)).toBe(shown);
  });
});

const row = (day: string, agent: string, tokens: number, cost: number, unpricedMessages = 0): UsageRow => ({
  day,
  agent,
  sessions: 1,
  messages: 2,
  tokens: {
    input: tokens,
    cacheRead: 0,
    cacheWrite: 0,
    cacheWrite1h: 0,
    unsplitInput: 0,
    output: 0,
    reasoning: 0,
    total: tokens,
  },
  cost,
  costs: { reported: cost, computed: 0 },
  unpriced: { messages: unpricedMessages, sessions: 0, tokens: 0 },
});

describe("groups", () => {
  const rows = [row("2026-01-01", "a", 10, 5), row("2026-01-02", "a", 1, 0, 3), row("2026-01-02", "b", 20, 1)];

  test("are summed over time, largest first by what is shown", () => {
    expect(groupUsage(rows, "day", "agent", "tokens").map(({ name, tokens }) => [name, tokens])).toEqual([
      ["b", 20],
      ["a", 11],
    ]);
    const byCost = groupUsage(rows, "day", "agent", "cost");
    expect(byCost.map(({ name, cost, isPartial }) => [name, cost, isPartial])).toEqual([
      ["a", 5, true],
      ["b", 1, false],
    ]);
  });

  test("beyond the first five are one in the chart", () => {
    const many = ["a", "b", "c", "d", "e", "f", "g"].map((name, index) => row("2026-01-01", name, 100 - index, 0));
    const [column] = chartColumns(groupUsage(many, "day", "agent", "tokens"), ["2026-01-01"]);
    expect(column?.segments.map(({ name, value }) => [name, value])).toEqual([
      ["a", 100],
      ["b", 99],
      ["c", 98],
      ["d", 97],
      ["e", 96],
      ["all others", 95 + 94],
    ]);
    expect(column?.total).toBe(100 + 99 + 98 + 97 + 96 + 95 + 94);
  });

  test("a day without usage is an empty column", () => {
    expect(chartColumns(groupUsage(rows, "day", "agent", "tokens"), ["2026-01-03"])).toEqual([
      { label: "2026-01-03", segments: [], total: 0 },
    ]);
  });
});

describe("the address", () => {
  test("is empty for what is usual, and never an error", () => {
    const usual = readUsageView({ range: "a week", split: 3 });
    expect(usual).toEqual({ range: "30d", unit: "day", split: "agent", show: "tokens" });
    expect(usageAddress(usual)).toEqual({});
  });

  test("another range is cut as is usual for it", () => {
    const view = withRange(readUsageView({ unit: "month", split: "model" }), "12m");
    expect(usageAddress(view)).toEqual({ range: "12m", split: "model" });
    expect(readUsageView({ ...usageAddress({ ...view, unit: "day" }) }).unit).toBe("day");
  });
});
