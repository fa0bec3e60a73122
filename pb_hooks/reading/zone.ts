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

/** No clocks are further from UTC. */
const MAX_OFFSET_MS = 15 * 60 * 60 * 1000;

const FIXED_OFFSET = /^([+-])(\d{2}):(\d{2})$/;
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** The calendar of a time zone. Days are numbered from 1970-01-01 = 0. */
export class Zone {
  readonly name: string;
  /** Spans that were needed so far; a zone has hundreds, and a request looks into few. */
  readonly #known: Span[];
  readonly #location: Timezone | undefined;

  private constructor(name: string, known: Span[], location?: Timezone) {
    this.name = name;
    this.#known = known;
    this.#location = location;
  }

  static utc(): Zone {
    return new Zone("UTC", everlasting(0));
  }

  /**
   * The zone that a request names in its parameter `tz`: an IANA name such as `Europe/Berlin`, or a fixed distance from
   * UTC such as `+05:30`. UTC when absent.
   * @throws HttpError 400 for a zone that this server does not know
   */
  static read(parameters: Parameters): Zone {
    const name = parameters.text("tz", 64) || "UTC";
    if (name === "UTC") return Zone.utc();
    const fixed = FIXED_OFFSET.exec(name);
    if (fixed) {
      const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
      if (minutes <= 14 * 60) return new Zone(name, everlasting((fixed[1] === "-" ? -minutes : minutes) * 60_000));
    } else if (ZONE_NAME.test(name) && name !== "Local") {
      const location = new Timezone(name);
      // An unknown name gives UTC, without a word.
      if (location.string() === name) return new Zone(name, [], location);
    }
    throw badRequest(
      `tz: expected a time zone such as Europe/Berlin or +01:00, got ${name}. This server knows the zones of its system's tzdata.`,
    );
  }

  /** The number of the local day that a moment falls on. */
  dayOf(timeMs: number): number {
    return Math.floor((timeMs + this.#spanAt(timeMs).offset) / DAY_MS);
  }

  /** The first moment of a local day. Where clocks jump over midnight the day begins later, where a day is skipped, with the next. */
  startOfDay(day: number): number {
    for (let span = this.#spanAt(day * DAY_MS - MAX_OFFSET_MS); ; span = this.#spanAt(span.end)) {
      const first = Math.max(span.start, day * DAY_MS - span.offset);
      if (first < span.end) return first;
    }
  }

  #spanAt(timeMs: number): Span {
    for (const span of this.#known) if (timeMs >= span.start && timeMs < span.end) return span;
    const span = readSpan(this.#location, timeMs);
    this.#known.push(span);
    return span;
  }
}

/** The date of a numbered day, as `2026-01-31`. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function everlasting(offset: number): Span[] {
  return [{ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY, offset }];
}

/** Later times keep the distance of this one: years of five digits have no date that anybody could read. */
const LAST_MS = Date.UTC(9999, 0, 1);

function readSpan(location: Timezone | undefined, timeMs: number): Span {
  const known = Math.min(Math.max(timeMs, 0), LAST_MS);
  const time = new DateTime(new Date(known).toISOString().replace("T", " ")).time().in(location ?? new Timezone("UTC"));
  const [, seconds] = time.zone();
  const [start, end] = time.zoneBounds();
  return {
    start: start.isZero() || start.unix() <= 0 ? Number.NEGATIVE_INFINITY : start.unix() * 1000,
    end: end.isZero() || end.unix() * 1000 >= LAST_MS ? Number.POSITIVE_INFINITY : end.unix() * 1000,
    offset: seconds * 1000,
  };
}
