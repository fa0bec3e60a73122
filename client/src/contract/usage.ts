import * as z from "zod/mini";
import { countSchema, timeSchema } from "./scalars.ts";

/** USD. Sums are exact to a nano-dollar and may exceed the limit of a single cost. */
const sumOfMoneySchema = z.number().check(z.gte(0));

/** What was used, of all time asked for or of one group. */
export const usageSumsSchema = z.object({
  /** Sessions that began. */
  sessions: countSchema,
  /** Messages, each response once however often it was copied. */
  messages: countSchema,
  tokens: z.object({
    /** Uncached input, where it is known by kind. */
    input: countSchema,
    cacheRead: countSchema,
    cacheWrite: countSchema,
    /** The part of `cacheWrite` with a one-hour life. */
    cacheWrite1h: countSchema,
    /** Input of which nobody says whether it came from a cache. */
    unsplitInput: countSchema,
    output: countSchema,
    /** The part of `output` that was thought and not said. */
    reasoning: countSchema,
    /** All input and all output. */
    total: countSchema,
  }),
  /** USD of all that has a price: see `unpriced`. */
  cost: sumOfMoneySchema,
  costs: z.object({ reported: sumOfMoneySchema, computed: sumOfMoneySchema }),
  /** What `cost` leaves out because nobody knows its price. */
  unpriced: z.object({
    messages: countSchema,
    /** Sessions that count with their own totals. */
    sessions: countSchema,
    tokens: countSchema,
  }),
});
export type UsageSums = z.infer<typeof usageSumsSchema>;

/** What usage can be grouped by. `source` is the same as `agent`. */
export const usageGroupingSchema = z.enum([
  ...(["day", "week", "month"] as const),
  ...(["agent", "source", "model", "provider", "project", "device"] as const),
]);
export type UsageGrouping = z.infer<typeof usageGroupingSchema>;

/** A group: its sums, and its value of each thing that was grouped by; "" where nobody said. */
export const usageRowSchema = z.extend(usageSumsSchema, {
  /** `2026-01-31`, a day of the calendar of `tz`. */
  day: z.exactOptional(z.string()),
  /** The Monday that the week begins on. */
  week: z.exactOptional(z.string()),
  /** `2026-01`. */
  month: z.exactOptional(z.string()),
  agent: z.exactOptional(z.string()),
  source: z.exactOptional(z.string()),
  model: z.exactOptional(z.string()),
  provider: z.exactOptional(z.string()),
  project: z.exactOptional(z.string()),
  device: z.exactOptional(z.string()),
});
export type UsageRow = z.infer<typeof usageRowSchema>;

/** Models of what has no price: messages, and sessions that count with their own totals. */
export const unpricedModelsSchema = z.array(
  z.object({
    model: z.string(),
    provider: z.string(),
    messages: countSchema,
    sessions: countSchema,
    tokens: countSchema,
  }),
);

/** Answer of `GET /api/usage`. */
export const usageSchema = z.object({
  tz: z.string(),
  by: z.array(usageGroupingSchema),
  /** The period in whole quarters of an hour, `to` not included; null = open. */
  from: z.nullable(timeSchema),
  to: z.nullable(timeSchema),
  totals: usageSumsSchema,
  /** Messages that were left out because they are copies of a response that counts elsewhere. */
  copies: countSchema,
  /** Models of what has no price, most tokens first. */
  unpricedModels: unpricedModelsSchema,
  /** By time, then most tokens first. Groups without anything are left out. */
  rows: z.array(usageRowSchema),
});
export type Usage = z.infer<typeof usageSchema>;

/** Answer of `POST /api/usage/rebuild`. */
export const usageRebuiltSchema = z.object({
  ok: z.literal(true),
  /** Rows of the roll-up of all users. */
  rows: countSchema,
  /** Rows that were not as counted, now mended. */
  differences: countSchema,
});
export type UsageRebuilt = z.infer<typeof usageRebuiltSchema>;
