import * as z from "zod/mini";
import { timeSchema } from "./scalars.ts";

/** Answer of `GET /health`. It needs no key and proves none. */
export const healthSchema = z.object({
  status: z.literal("ok"),
  timestamp: timeSchema,
  /** Version of the server. A v1 server does not say. */
  version: z.exactOptional(z.string()),
});
export type Health = z.infer<typeof healthSchema>;

/** Answer of `GET /health` with status 503. */
export const unhealthySchema = z.object({ status: z.literal("error"), error: z.string() });
export type Unhealthy = z.infer<typeof unhealthySchema>;
