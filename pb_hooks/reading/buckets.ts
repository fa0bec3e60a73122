import { queryOne } from "../lib/vm.ts";
import type { Period } from "./period.ts";
import { DAY_MS, dateOfDay, type Zone } from "./zone.ts";

/** Units of the calendar that usage is cut into. Weeks begin on Monday. */
export const TIME_UNITS = ["day", "week", "month"] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** Later than every time that is stored. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** The last day with a date that people write; whatever claims to be later is counted there. */
const LAST_DAY = Date.UTC(9999, 11, 31) / DAY_MS;

/** A stretch of time with a name: `2026-01-31`, the Monday of a week, `2026-01`; "" for all of the time asked for. */
type Bucket = readonly [label: string, start: number, end: number];

/** Jumps from day to day of UTC on which anything was said or began; days without are never looked at. */
const days = (table: string, column: string) => `(WITH RECURSIVE walk (time) AS (
    SELECT min(${column}) FROM ${table} WHERE user = {:user} AND ${column} >= {:from} AND ${column} < {:to}
    UNION ALL SELECT (SELECT min(${column}) FROM ${table}
      WHERE user = {:user} AND ${column} >= walk.time - walk.time % ${DAY_MS} + ${DAY_MS} AND ${column} < {:to})
    FROM walk WHERE walk.time IS NOT NULL)
  SELECT time / ${DAY_MS} AS day FROM walk WHERE time IS NOT NULL)`;

/** The days of UTC on which a user has usage, in one text: each row would cost the VM. Bind `user`, `from`, `to`. */
export const USED_DAYS = `SELECT coalesce(group_concat(day), '') AS days FROM (
  SELECT day FROM ${days("usage", "slot")}
  UNION SELECT day FROM ${days("sessions INDEXED BY sessions_begun", "createdAt")} ORDER BY day)`;

/**
 * The buckets of a period in which a user has anything, in order, as JSON: `[[label, start, end], …]`.
 * @param unit undefined for one bucket of all
 */
export function readBuckets(app: core.App, user: string, zone: Zone, period: Period, unit?: TimeUnit): string {
  const { from, to } = { from: period.from, to: period.to || NEVER };
  if (unit === undefined) return JSON.stringify([["", from, to] satisfies Bucket]);
  const firstDays = new Set<number>();
  const usedDays = queryOne(app, USED_DAYS, { user, from, to }, { days: "" })?.days ?? "";
  for (const day of usedDays === "" ? [] : usedDays.split(",").map(Number)) {
    const last = Math.min(zone.dayOf(Math.min((day + 1) * DAY_MS, to) - 1), LAST_DAY);
    for (let local = Math.min(zone.dayOf(Math.max(day * DAY_MS, from)), LAST_DAY); local <= last; local += 1) {
      firstDays.add(firstDayOf(local, unit));
    }
  }
  let lastEnd = { day: Number.NaN, start: 0 };
  const buckets = [...firstDays]
    .sort((a, b) => a - b)
    .map((first): Bucket => {
      const next = firstDayAfter(first, unit);
      // Mostly one follows the other.
      const start = lastEnd.day === first ? lastEnd.start : zone.startOfDay(first);
      lastEnd = { day: next, start: next > LAST_DAY ? to : zone.startOfDay(next) };
      return [labelOf(first, unit), Math.max(start, from), Math.min(lastEnd.start, to)];
    });
  return JSON.stringify(buckets);
}

/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_0 = 3;

function firstDayOf(day: number, unit: TimeUnit): number {
  if (unit === "day") return day;
  if (unit === "week") return day - ((((day + WEEKDAY_OF_DAY_0) % 7) + 7) % 7);
  return day - new Date(day * DAY_MS).getUTCDate() + 1;
}

function firstDayAfter(first: number, unit: TimeUnit): number {
  if (unit === "day") return first + 1;
  if (unit === "week") return first + 7;
  const date = new Date(first * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS;
}

function labelOf(first: number, unit: TimeUnit): string {
  const date = dateOfDay(first);
  return unit === "month" ? date.slice(0, 7) : date;
}
