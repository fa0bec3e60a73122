const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Made once: making one takes longer than everything else about drawing a row.
const dayOfThisYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/**
 * How long ago something was, short enough for a column: `now`, `5m`, `3h`, `2d`, then a date. A time in the future
 * (a device whose clock is ahead) is `now`.
 * @param timeMs epoch milliseconds
 * @param nowMs epoch milliseconds
 */
export function formatAge(timeMs: number, nowMs: number): string {
  const age = nowMs - timeMs;
  if (age < MINUTE) return "now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`;
  if (age < DAY) return `${Math.floor(age / HOUR)}h`;
  if (age < 7 * DAY) return `${Math.floor(age / DAY)}d`;
  return formatDay(timeMs, nowMs);
}

/** The same as a phrase: `just now`, `5m ago`, `on 12 Mar`. */
export function formatAgo(timeMs: number, nowMs: number): string {
  const age = formatAge(timeMs, nowMs);
  if (age === "now") return "just now";
  return nowMs - timeMs < 7 * DAY ? `${age} ago` : `on ${age}`;
}

/** The viewer's local date, with the year when it is not this one: `12 Mar`, `12 Mar 2024`. */
export function formatDay(timeMs: number, nowMs: number): string {
  const isThisYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? dayOfThisYear : day).format(timeMs);
}

/** The exact local time with its zone: `12 Mar 2026, 14:02:07 CET`. */
export function formatExact(timeMs: number): string {
  return exact.format(timeMs);
}

/** The local time of day: `14:02`. */
export function formatClock(timeMs: number): string {
  return clock.format(timeMs);
}

/** A length of time in its two largest units: `340 ms`, `12 s`, `4m 12s`, `3h 5m`, `2d 4h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 10_000) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const pairs = [
    { size: 86_400, unit: "d", next: 3600, nextUnit: "h" },
    { size: 3600, unit: "h", next: 60, nextUnit: "m" },
    { size: 60, unit: "m", next: 1, nextUnit: "s" },
  ];
  const pair = pairs.find(({ size }) => seconds >= size);
  if (pair === undefined) return `${seconds} s`;
  const rest = Math.floor((seconds % pair.size) / pair.next);
  return `${Math.floor(seconds / pair.size)}${pair.unit}${rest > 0 ? ` ${rest}${pair.nextUnit}` : ""}`;
}
