import { badRequest } from "../lib/errors.ts";
import { isDate, type Parameters } from "../lib/parameters.ts";
import { DAY_MS, type Zone } from "./zone.ts";

/** A stretch of time; 0 = open at that end. */
export interface Period {
  /** Epoch milliseconds, included. */
  readonly from: number;
  /** Epoch milliseconds, not included. */
  readonly to: number;
}

/**
 * The parameters `from` and `to`: moments, or dates of the zone's calendar, of which `to` includes the whole day.
 * @throws HttpError 400 when one is malformed, or `to` is not after `from`
 */
export function readPeriod(parameters: Parameters, zone: Zone): Period {
  const from = moment(parameters, "from", zone, 0);
  const to = moment(parameters, "to", zone, 1);
  if (to > 0 && to <= from) throw badRequest("to: expected a time after from");
  return { from, to };
}

function moment(parameters: Parameters, name: string, zone: Zone, daysLater: number): number {
  return momentIn(zone, parameters.text(name), parameters.timeMs(name), daysLater);
}

/** A moment that was read from a text: itself, or, of a date, the beginning of that day in the zone, or of a later one. */
export function momentIn(zone: Zone, text: string, timeMs: number, daysLater = 0): number {
  return isDate(text) ? zone.startOfDay(timeMs / DAY_MS + daysLater) : timeMs;
}
