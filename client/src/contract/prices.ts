import * as z from "zod/mini";
import { nullIsAbsent } from "./null-is-absent.ts";
import { countSchema } from "./scalars.ts";
import { unpricedModelsSchema } from "./usage.ts";

/** USD per million tokens of one kind. No list price is higher: a larger one is a mistake of unit. */
export const rateSchema = z.number().check(z.gte(0), z.lte(10_000));

/**
 * What a model costs, in USD per million tokens. `list` is the list that the server ships with, `owner` is what this
 * server's owner has set; the owner's counts, for every tier and size of request.
 */
export const priceSchema = z.object({
  /** "" = whoever sells it; only of the owner's prices. */
  provider: z.string(),
  model: z.string(),
  origin: z.enum(["list", "owner"]),
  /** Service tier; absent = the ordinary one. */
  tier: z.exactOptional(z.string()),
  /** For requests with more input tokens than this; absent = any. */
  above: z.exactOptional(countSchema),
  /** From this day on, YYYY-MM-DD; absent = ever. */
  from: z.exactOptional(z.string()),
  input: rateSchema,
  output: rateSchema,
  cacheRead: rateSchema,
  /** For the short life of a cache, five minutes with Anthropic. */
  cacheWrite: rateSchema,
  cacheWrite1h: rateSchema,
});
export type Price = z.infer<typeof priceSchema>;

/** Answer of `GET /api/prices`. */
export const pricesAnswerSchema = z.object({
  /** Day of the list, YYYY-MM-DD. */
  date: z.string(),
  sources: z.array(z.object({ name: z.string(), url: z.string(), license: z.string(), date: z.string() })),
  prices: z.array(priceSchema),
  /** Models of the caller's own sessions that have no price, as in the answer of `GET /api/usage`. */
  unpriced: unpricedModelsSchema,
});
export type PricesAnswer = z.infer<typeof pricesAnswerSchema>;

/** Body of `PUT /api/prices/{model}`. What is absent costs what `input` costs; `cacheWrite1h` what `cacheWrite` costs. */
export const setPriceRequestSchema = nullIsAbsent(
  z.object({
    /** Absent = whoever sells it. */
    provider: z.exactOptional(z.string()),
    input: rateSchema,
    output: rateSchema,
    cacheRead: z.exactOptional(rateSchema),
    cacheWrite: z.exactOptional(rateSchema),
    cacheWrite1h: z.exactOptional(rateSchema),
  }),
);
export type SetPriceRequest = z.infer<typeof setPriceRequestSchema>;

/** Answer of `PUT` and `DELETE /api/prices/{model}`: the name as it is kept, and how many rows have another price now. */
export const setPriceAnswerSchema = z.object({
  provider: z.string(),
  model: z.string(),
  changed: z.object({ sessions: countSchema, messages: countSchema }),
});
export type SetPriceAnswer = z.infer<typeof setPriceAnswerSchema>;
