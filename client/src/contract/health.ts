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
