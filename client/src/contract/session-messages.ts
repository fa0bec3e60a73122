import * as z from "zod/mini";
import { countSchema, timeSchema } from "./scalars.ts";

const versionSchema = z.tuple([countSchema, timeSchema]);

/**
 * Answer of `GET /sync/sessions/messages`: by externalId the hash (0: the row has none) and the version (updatedAt).
 * With `?removed=1`, `removed` has those that were removed in the agent's store, and `session` hash and version of the
 * session itself. Empty for a session that the server does not know.
 */
export const sessionMessagesSchema = z.object({
  messages: z.record(z.string(), versionSchema),
  removed: z.optional(z.record(z.string(), versionSchema)),
  session: z.nullish(versionSchema),
});
export type SessionMessages = z.infer<typeof sessionMessagesSchema>;
