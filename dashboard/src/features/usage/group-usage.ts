import type { UsageRow, UsageSums } from "@opensync/client";
import type { Measure, Split, Unit } from "./usage-address.ts";

/** What the table shows of one agent, model, project …; "" where nobody said which. */
export interface UsageGroup {
  readonly name: string;
  readonly sessions: number;
  readonly messages: number;
  readonly tokens: number;
  /** USD of what has a price. */
  readonly cost: number;
  /** Whether there is more that has none. */
  readonly isPartial: boolean;
  /** What the chart shows of it, by label. */
  readonly byLabel: ReadonlyMap<string, number>;
}

const measured: Readonly<Record<Measure, (sums: UsageSums) => number>> = {
  tokens: ({ tokens }) => tokens.total,
  cost: ({ cost }) => cost,
};

/** Whether sums leave something out because it has no price. */
export function isPartial({ unpriced }: Pick<UsageSums, "unpriced">): boolean {
  return unpriced.messages + unpriced.sessions > 0;
}

/** Sums up rows of time and a second thing by that thing, largest first. */
export function groupUsage(rows: readonly UsageRow[], unit: Unit, split: Split, show: Measure): UsageGroup[] {
  const groups = [...Map.groupBy(rows, (row) => row[split] ?? "")].map(([name, own]): UsageGroup => {
    const sum = (value: (row: UsageRow) => number) => own.reduce((total, row) => total + value(row), 0);
    return {
      name,
      sessions: sum(({ sessions }) => sessions),
      messages: sum(({ messages }) => messages),
      tokens: sum(({ tokens }) => tokens.total),
      cost: sum(({ cost }) => cost),
      isPartial: own.some(isPartial),
      byLabel: new Map(own.map((row) => [row[unit] ?? "", measured[show](row)])),
    };
  });
  return groups.toSorted((a, b) => b[show] - a[show] || b.tokens - a.tokens || (a.name < b.name ? -1 : 1));
}

/** Groups that the chart tells apart; all further ones are one. */
export const SHOWN_GROUPS = 5;

/** A part of a column of the chart. */
export interface Segment {
  readonly name: string;
  readonly value: number;
  /** Which colour; `SHOWN_GROUPS` is that of all others. */
  readonly tone: number;
}

/** The columns of the chart, one for each label, each with its parts from the bottom up. */
export function chartColumns(groups: readonly UsageGroup[], labels: readonly string[]) {
  const others = groups.slice(SHOWN_GROUPS);
  return labels.map((label) => {
    const shown = groups
      .slice(0, SHOWN_GROUPS)
      .map(({ name, byLabel }, tone): Segment => ({ name, value: byLabel.get(label) ?? 0, tone }));
    const rest = others.reduce((sum, { byLabel }) => sum + (byLabel.get(label) ?? 0), 0);
    const segments = [...shown, { name: "all others", value: rest, tone: SHOWN_GROUPS }].filter(
      ({ value }) => value > 0,
    );
    return { label, segments, total: segments.reduce((sum, { value }) => sum + value, 0) };
  });
}
export type Column = ReturnType<typeof chartColumns>[number];
