import * as z from "zod/mini";
import { nullIsAbsent } from "./null-is-absent.ts";
import { countSchema } from "./scalars.ts";

/**
 * Tokens by kind. A missing member is 0.
 * `input` is uncached input; `cacheWrite1h` is the part of `cacheWrite` with a one-hour life;
 * `reasoning` is the part of `output` that was thought and not said.
 */
export const tokensSchema = nullIsAbsent(
  z.object({
    input: z.exactOptional(countSchema),
    cacheRead: z.exactOptional(countSchema),
    cacheWrite: z.exactOptional(countSchema),
    cacheWrite1h: z.exactOptional(countSchema),
    output: z.exactOptional(countSchema),
    reasoning: z.exactOptional(countSchema),
  }),
);
export type Tokens = z.infer<typeof tokensSchema>;
