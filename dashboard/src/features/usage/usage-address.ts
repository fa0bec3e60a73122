import * as z from "zod/mini";

/** Lengths of time to look at; `all` has no beginning. */
export const ranges = [
  { value: "7d", label: "7 days", days: 7 },
  { value: "30d", label: "30 days", days: 30 },
  { value: "90d", label: "90 days", days: 90 },
  { value: "12m", label: "12 months", days: 365 },
  { value: "all", label: "All time", days: undefined },
] as const;
export type Range = (typeof ranges)[number]["value"];

export const units = [
  { value: "day", label: "Days" },
  { value: "week", label: "Weeks" },
  { value: "month", label: "Months" },
] as const;
export type Unit = (typeof units)[number]["value"];

export const splits = [
  { value: "agent", label: "Agent" },
  { value: "model", label: "Model" },
  { value: "project", label: "Project" },
  { value: "device", label: "Device" },
  { value: "provider", label: "Provider" },
] as const;
export type Split = (typeof splits)[number]["value"];

export const measures = [
  { value: "tokens", label: "Tokens" },
  { value: "cost", label: "Cost" },
] as const;
export type Measure = (typeof measures)[number]["value"];

/** What the usage screen shows. */
export interface UsageView {
  readonly range: Range;
  readonly unit: Unit;
  readonly split: Split;
  readonly show: Measure;
}

const addressSchema = z.object({
  range: z.catch(z.enum(["7d", "30d", "90d", "12m", "all"]), "30d"),
  unit: z.catch(z.optional(z.enum(["day", "week", "month"])), undefined),
  split: z.catch(z.enum(["agent", "model", "project", "device", "provider"]), "agent"),
  show: z.catch(z.enum(["tokens", "cost"]), "tokens"),
});

const usualUnits: Readonly<Record<Range, Unit>> = {
  "7d": "day",
  "30d": "day",
  "90d": "day",
  "12m": "week",
  all: "month",
};

/** The part of a view that the address names; everything else is as usual. */
export type UsageAddress = Partial<UsageView>;

/** Reads a view of an address; what it cannot read it leaves as usual. */
export function readUsageView(search: Record<string, unknown>): UsageView {
  const { range, unit, split, show } = addressSchema.parse(search);
  return { range, unit: unit ?? usualUnits[range], split, show };
}

/** The address of a view: only what is not as usual. */
export function usageAddress({ range, unit, split, show }: UsageView): UsageAddress {
  return {
    ...(range === "30d" ? {} : { range }),
    ...(unit === usualUnits[range] ? {} : { unit }),
    ...(split === "agent" ? {} : { split }),
    ...(show === "tokens" ? {} : { show }),
  };
}

/** The view with another range, cut as is usual for that. */
export function withRange(view: UsageView, range: Range): UsageView {
  return { ...view, range, unit: usualUnits[range] };
}
