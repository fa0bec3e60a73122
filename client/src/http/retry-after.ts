/** Delay in seconds, as `120`. Nothing else in RFC 9110's `delay-seconds`: no sign, no fraction. */
const SECONDS = /^\d+$/;

/**
 * The wait that a Retry-After header asks for.
 * @param header its value: seconds or an HTTP date; null when absent
 * @param nowMs current time, milliseconds since 1970
 * @returns milliseconds, at least 0; undefined when absent or unreadable. Not capped: that is the caller's.
 * @source RFC 9110, 10.2.3
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  if (SECONDS.test(text)) return Number(text) * 1000;
  // Date.parse takes a bare number or a year for a date; an HTTP date always names its day.
  const dateMs = /^[A-Z][a-z]{2},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
