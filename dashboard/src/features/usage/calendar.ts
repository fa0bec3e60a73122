import type { Unit } from "./usage-address.ts";

// Labels are days (`2026-01-31`), Mondays of weeks, or months (`2026-01`), as the server names them.

const parse = (label: string): Date => new Date(`${label.length === 7 ? `${label}-01` : label}T00:00:00Z`);
const format = (date: Date, unit: Unit): string => date.toISOString().slice(0, unit === "month" ? 7 : 10);

/** The label of the stretch of time that a day belongs to. */
export function labelOf(day: string, unit: Unit): string {
  const date = parse(day);
  if (unit === "week") date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return format(date, unit);
}

/** More columns than this are no chart any more. */
const MAX_LABELS = 1_000;

/** All labels from one day to another, those without any usage included. */
export function labelsBetween(first: string, last: string, unit: Unit): string[] {
  const labels: string[] = [];
  const date = parse(labelOf(first, unit));
  const end = parse(last);
  while (date <= end && labels.length < MAX_LABELS) {
    labels.push(format(date, unit));
    if (unit === "month") date.setUTCMonth(date.getUTCMonth() + 1);
    else date.setUTCDate(date.getUTCDate() + (unit === "week" ? 7 : 1));
  }
  return labels;
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

/** How a label reads: `31 Jan`, `week of 26 Jan`, `Jan 2026`. */
export function showLabel(label: string, unit: Unit): string {
  if (unit === "month") return month.format(parse(label));
  return unit === "week" ? `week of ${day.format(parse(label))}` : day.format(parse(label));
}
