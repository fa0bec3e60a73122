import { badRequest } from "../lib/errors.ts";
import { Parameters } from "../lib/parameters.ts";
import { respondQuery } from "../lib/respond.ts";
import type { Bindings } from "../lib/vm.ts";
import { readBuckets, TIME_UNITS } from "./buckets.ts";
import { GROUPING_NAMES } from "./groupings.ts";
import { type Period, readPeriod } from "./period.ts";
import { allOf, type FilterName, sessionFilter } from "./session-filter.ts";
import type { UsageShape } from "./usage-sources.ts";
import { Zone } from "./zone.ts";

/** Milliseconds of a slot of the roll-up. */
export const SLOT_MS = 15 * 60 * 1000;

/** Filters that are about the messages here, or have a meaning of their own. */
const NOT_OF_SESSIONS: readonly FilterName[] = ["model", "provider", "period"];

/** A question about usage, ready to be made a statement of. */
export interface UsageRequest {
  readonly zone: Zone;
  readonly period: Period;
  readonly shape: UsageShape;
  /** Values of the statement, but for its buckets. */
  readonly bindings: Bindings;
}

/**
 * Reads `by` (one or two of day, week, month, agent, model, provider, project, device; repeated or with a comma), `tz`,
 * `from`, `to` and the filters of sessions.
 * @throws HttpError 400 for a malformed value
 */
export function readUsage(parameters: Parameters, user: string): UsageRequest {
  const zone = Zone.read(parameters);
  const period = inSlots(readPeriod(parameters, zone));
  const { unit, groupings } = readBy(parameters);
  const filter = sessionFilter(parameters, user);
  const conditions = new Map(filter.conditions);
  // Deleted sessions are never counted: who does not ask for a status asks for no less.
  if (parameters.list("status").length === 0) conditions.delete("status");
  const shape: UsageShape = {
    unit,
    groupings,
    ofMessages: (["model", "provider"] as const).flatMap((name) => conditions.get(name) ?? []),
    ofSessions: `${allOf(conditions, NOT_OF_SESSIONS)} AND s.deletedAt = 0`,
    isOfAllTime: period.from === 0 && period.to === 0,
    isNarrowed: [...conditions.keys()].some((name) => !NOT_OF_SESSIONS.includes(name)),
  };
  const by = JSON.stringify([...(unit === undefined ? [] : [unit]), ...groupings]);
  return { zone, period, shape, bindings: { ...filter.bindings, tz: zone.name, by, ...period } };
}

/** All that a user has ever used, in one row: what a statement about usage needs. */
export function usageOfAllTime(app: core.App, user: string): Pick<UsageRequest, "shape" | "bindings"> {
  const { zone, period, shape, bindings } = readUsage(new Parameters({}), user);
  return { shape, bindings: { ...bindings, buckets: readBuckets(app, user, zone, period) } };
}

/**
 * Answers a question about usage.
 * @param toSql makes the statement
 * @throws HttpError 400 for a malformed one
 */
export function respondUsage(e: core.RequestEvent, user: string, toSql: (shape: UsageShape) => string): void {
  const { zone, period, shape, bindings } = readUsage(new Parameters(e), user);
  const buckets = readBuckets(e.app, user, zone, period, shape.unit);
  respondQuery(e, toSql(shape), { ...bindings, buckets });
}

function readBy(parameters: Parameters): Pick<UsageShape, "unit" | "groupings"> {
  const names = parameters.list("by").flatMap((text) => text.split(","));
  const units = TIME_UNITS.filter((unit) => names.includes(unit));
  const groupings = GROUPING_NAMES.filter((name) => names.includes(name));
  const isKnown = units.length + groupings.length === names.length;
  if (isKnown && units.length <= 1 && names.length <= 2) return { unit: units[0], groupings };
  const expected = `one or two of ${[...TIME_UNITS, ...GROUPING_NAMES].join(", ")}, at most one of them a time`;
  throw badRequest(`by: expected ${expected}, got ${names.join(",").slice(0, 40)}`);
}

/** Usage is kept by quarters of an hour, so a period is of whole ones: those that it touches. */
function inSlots({ from, to }: Period): Period {
  return { from: from - (from % SLOT_MS), to: Math.ceil(to / SLOT_MS) * SLOT_MS };
}
