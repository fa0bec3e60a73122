import * as z from "zod/mini";
import { countSchema } from "./scalars.ts";

/** Answer of `GET /api/stats`, the first version's statistics of all time. `GET /api/usage` says more. */
export const statsSchema = z.object({
  sessionCount: countSchema,
  messageCount: countSchema,
  totalTokens: countSchema,
  /** USD of all that has a price. */
  totalCost: z.number().check(z.gte(0)),
  totalDurationMs: countSchema,
  /** By model; `unknown` where nobody said. */
  modelUsage: z.record(
    z.string(),
    z.object({ tokens: countSchema, cost: z.number().check(z.gte(0)), sessions: countSchema }),
  ),
});
export type Stats = z.infer<typeof statsSchema>;
