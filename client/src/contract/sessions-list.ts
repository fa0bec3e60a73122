import * as z from "zod/mini";
import { countSchema } from "./scalars.ts";

/**
 * What the server has of one session: [messages, sum of their hashes, messages without a hash, hash of the session
 * itself]. Removed messages are left out. Equal digests are the receipt that the server has all of it.
 */
export const sessionDigestSchema = z.tuple([countSchema, countSchema, countSchema, countSchema]);
export type SessionDigest = z.infer<typeof sessionDigestSchema>;

/** Answer of `GET /sync/sessions/list`, ordered by externalId; sessions deleted on the dashboard are included. */
export const sessionsListSchema = z.object({
  sessionIds: z.array(z.string()),
  /** By externalId; only when asked for. */
  digests: z.exactOptional(z.record(z.string(), sessionDigestSchema)),
  /** Those of the ids that were deleted on the dashboard; only when digests were asked for. */
  deleted: z.exactOptional(z.array(z.string())),
});
export type SessionsList = z.infer<typeof sessionsListSchema>;
