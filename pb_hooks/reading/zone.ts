import { badRequest } from "../lib/errors.ts";
import type { Parameters } from "../lib/parameters.ts";

/** Milliseconds of a day without a change of clocks. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** A stretch of time during which a zone's clocks keep one distance from UTC. */
interface Span {
  /** Epoch milliseconds; -Infinity for the first one. */
  readonly start: number;
  /** The next one's start; Infinity for the last one. */
  readonly end: number;
  /** Milliseconds that local time is ahead of UTC. */
  readonly offset: number;
}

const FIXED_OFFSET = /^([+-])(\d{2}):(\d{2})$/;
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** The calendar of a time zone. Days are numbered from 1970-01-01 = 0. */
export class Zone {
  readonly name: string;
  readonly #spans: readonly Span[];

  private constructor(name: string, spans: readonly Span[]) {
    this.name = name;
    this.#spans = spans;
  }

  /**
   * The zone that a request names in its parameter `tz`: an IANA name such as `Europe/Berlin`, or a fixed distance from
   * UTC such as `+05:30`. UTC when absent.
   * @throws HttpError 400 for a zone that this server does not know
   */
  static read(parameters: Parameters): Zone {
    const name = parameters.text("tz", 64) || "UTC";
    if (name === "UTC") return new Zone(name, everlasting(0));
    const fixed = FIXED_OFFSET.exec(name);
    if (fixed) {
      const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
      if (minutes <= 14 * 60) return new Zone(name, everlasting((fixed[1] === "-" ? -minutes : minutes) * 60_000));
    } else if (ZONE_NAME.test(name) && name !== "Local") {
      const location = new Timezone(name);
      // An unknown name gives UTC, without a word.
      if (location.string() === name) return new Zone(name, readSpans(location));
    }
    throw badRequest(
      `tz: expected a time zone such as Europe/Berlin or +01:00, got ${name}. This server knows the zones of its system's tzdata.`,
    );
  }

  /** The number of the local day that a moment falls on. */
  dayOf(timeMs: number): number {
    const span = this.#spans.find(({ end }) => timeMs < end);
    return Math.floor((timeMs + (span?.offset ?? 0)) / DAY_MS);
  }

  /** The first moment of a local day. Where clocks jump over midnight the day begins later, where a day is skipped, with the next. */
  startOfDay(day: number): number {
    for (const { start, end, offset } of this.#spans) {
      const first = Math.max(start, day * DAY_MS - offset);
      if (first < end) return first;
    }
    return day * DAY_MS;
  }
}

/** The date of a numbered day, as `2026-01-31`. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function everlasting(offset: number): Span[] {
  return [{ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY, offset }];
}

/** Changes of clocks that one zone may have until `LAST_YEAR`; far more than any has. */
const MAX_SPANS = 1_000;
const LAST_MS = Date.UTC(2100, 0, 1);

/** All spans of a zone, from before 1970 to 2100. */
function readSpans(location: Timezone): Span[] {
  const spans: Span[] = [];
  let start = Number.NEGATIVE_INFINITY;
  let time = new DateTime("1970-01-01 00:00:00.000Z").time().in(location);
  while (spans.length < MAX_SPANS) {
    const [, seconds] = time.zone();
    const [, next] = time.zoneBounds();
    const isLast = next.isZero() || next.unix() * 1000 > LAST_MS;
    const end = isLast ? Number.POSITIVE_INFINITY : next.unix() * 1000;
    spans.push({ start, end, offset: seconds * 1000 });
    if (isLast) break;
    start = end;
    time = next;
  }
  return spans;
}
