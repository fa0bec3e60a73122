import * as z from "zod/mini";
import { countSchema } from "./scalars.ts";

/** Body of `DELETE /api/account`: the password again, to be sure that it is the account's holder. */
export const deleteAccountRequestSchema = z.object({ password: z.string() });
export type DeleteAccountRequest = z.infer<typeof deleteAccountRequestSchema>;

/** Answer of `DELETE /api/account`: what was deleted. */
export const deleteAccountAnswerSchema = z.object({
  ok: z.literal(true),
  sessions: countSchema,
  messages: countSchema,
  /** Sessions whose content is not gone yet; nobody can read it, and the server goes on by itself. */
  pending: countSchema,
});
export type DeleteAccountAnswer = z.infer<typeof deleteAccountAnswerSchema>;

/** Body of `POST /api/account/delete-data`. */
export const deleteDataRequestSchema = z.object({
  password: z.string(),
  /** Whether the ids of the sessions stay, so that no sync brings them back. Default: no, a later full sync does. */
  keepTombstones: z.exactOptional(z.boolean()),
});
export type DeleteDataRequest = z.infer<typeof deleteDataRequestSchema>;

/** Answer of `POST /api/account/delete-data`. `note` says what the next sync will do. */
export const deleteDataAnswerSchema = z.extend(deleteAccountAnswerSchema, { note: z.string() });
export type DeleteDataAnswer = z.infer<typeof deleteDataAnswerSchema>;
