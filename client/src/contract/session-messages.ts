import * as z from "zod/mini";
import { countSchema, timeSchema } from "./scalars.ts";

/**
 * Answer of `GET /sync/sessions/messages`: by externalId the hash (0: the row has none) and the version (updatedAt).
 * Empty for a session that the server does not know.
 */
export const sessionMessagesSchema = z.object({
  messages: z.record(z.string(), z.tuple([countSchema, timeSchema])),
});
export type SessionMessages = z.infer<typeof sessionMessagesSchema>;
