import { badRequest } from "../lib/errors.ts";
import type { Parameters } from "../lib/parameters.ts";
import type { Bindings } from "../lib/vm.ts";
import { readBuckets, TIME_UNITS, type TimeUnit } from "./buckets.ts";
import { GROUPING_NAMES, type Grouping } from "./groupings.ts";
import { type Period, readPeriod } from "./period.ts";
import { allOf, type FilterName, sessionFilter } from "./session-filter.ts";
import type { UsageShape } from "./usage-sql.ts";
import { Zone } from "./zone.ts";

/** Milliseconds of a slot of the roll-up. */
export const SLOT_MS = 15 * 60 * 1000;

/** Filters that are about the messages here, or decided by usage itself. */
const NOT_OF_SESSIONS: readonly FilterName[] = ["model", "provider", "costSource", "status", "period"];

/** A question about usage. */
export interface UsageQuestion {
  readonly zone: Zone;
  readonly period: Period;
  readonly unit: TimeUnit | undefined;
  readonly groupings: readonly Grouping[];
}

/**
 * Reads `by` (one or two of day, week, month, agent, model, provider, project, device; repeated or with a comma), `tz`,
 * `from`, `to`.
 * @throws HttpError 400 for a malformed value
 */
export function readQuestion(parameters: Parameters): UsageQuestion {
  const zone = Zone.read(parameters);
  const names = parameters.list("by").flatMap((text) => text.split(","));
  const units = TIME_UNITS.filter((unit) => names.includes(unit));
  const groupings = GROUPING_NAMES.filter((name) => names.includes(name));
  const isKnown = units.length + groupings.length === names.length;
  if (!isKnown || units.length > 1 || names.length > 2) {
    throw badRequest(
      `by: expected one or two of ${[...TIME_UNITS, ...GROUPING_NAMES].join(", ")}, at most one of them a time, got ${names.join(",").slice(0, 40)}`,
    );
  }
  return { zone, period: inSlots(readPeriod(parameters, zone)), unit: units[0], groupings };
}

/** Usage is kept by quarters of an hour, so a period is of whole ones: those that it touches. */
function inSlots({ from, to }: Period): Period {
  return { from: from - (from % SLOT_MS), to: Math.ceil(to / SLOT_MS) * SLOT_MS };
}

/**
 * The statement that answers a question about usage, and its values.
 * @param toSql makes the statement
 * @throws HttpError 400 for a malformed filter
 */
export function usageStatement(
  app: core.App,
  user: string,
  parameters: Parameters,
  { zone, period, unit, groupings }: UsageQuestion,
  toSql: (shape: UsageShape) => string,
): { sql: string; bindings: Bindings } {
  const { bindings, conditions } = sessionFilter(parameters, user);
  const shape: UsageShape = {
    unit,
    groupings,
    ofMessages: (["model", "provider"] as const).flatMap((name) => conditions.get(name) ?? []),
    ofSessions: `${allOf(conditions, NOT_OF_SESSIONS)} AND s.deletedAt = 0`,
    isNarrowed: [...conditions.keys()].some((name) => !NOT_OF_SESSIONS.includes(name)),
  };
  const by = JSON.stringify([...(unit === undefined ? [] : [unit]), ...groupings]);
  const buckets = readBuckets(app, user, zone, period, unit);
  return { sql: toSql(shape), bindings: { ...bindings, tz: zone.name, by, ...period, buckets } };
}
