import * as z from "zod/mini";
import { costSourceSchema } from "./money.ts";
import { nullIsAbsent } from "./null-is-absent.ts";
import { partSchema } from "./part.ts";
import { costSchema, countSchema, dataSchema, idSchema, timeSchema } from "./scalars.ts";
import { tokensSchema } from "./tokens.ts";

/** Who speaks. */
export const roleSchema = z.enum(["user", "assistant", "system", "tool", "unknown"]);
export type Role = z.infer<typeof roleSchema>;

/** The response failed or was aborted. */
export const messageErrorSchema = nullIsAbsent(z.object({ name: z.string(), message: z.string() }));
export type MessageError = z.infer<typeof messageErrorSchema>;

/** Some old clients call the time `timestamp`. */
function resolveAliases(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { timestamp, ...rest } = fields;
  return timestamp === undefined || rest["createdAt"] !== undefined ? rest : { ...rest, createdAt: timestamp };
}

/**
 * A message as it travels to the server. With `hash` it is a snapshot, without a partial, as in `sessionSchema`.
 * Its id is unique within its session only. Its session need not exist yet.
 */
export const messageSchema = nullIsAbsent(
  z.object({
    sessionExternalId: idSchema,
    externalId: idSchema,
    /** Required when the server sees the message for the first time. */
    role: z.exactOptional(roleSchema),
    /** For a session that the message creates. */
    source: z.exactOptional(z.string()),
    /** For a session that the message creates. */
    device: z.exactOptional(z.string()),
    /** The readable text; may be empty. */
    textContent: z.exactOptional(z.string()),
    /** Replaced as a whole. */
    parts: z.exactOptional(z.array(partSchema)),
    model: z.exactOptional(z.string()),
    provider: z.exactOptional(z.string()),
    /** The agent's persona or mode: `build`, `plan`, a sub-agent's name. */
    agent: z.exactOptional(z.string()),
    /** Identity of the paid model response, equal in every copy of it. Usage counts it once per user. */
    responseId: z.exactOptional(z.string()),
    /** Where it changes the price: `priority`, `fast`, … */
    serviceTier: z.exactOptional(z.string()),
    promptTokens: z.exactOptional(countSchema),
    completionTokens: z.exactOptional(countSchema),
    tokens: z.exactOptional(tokensSchema),
    /** USD. 0 without `costSource` means unknown. */
    cost: z.exactOptional(costSchema),
    costSource: z.exactOptional(costSourceSchema),
    durationMs: z.exactOptional(countSchema),
    createdAt: z.exactOptional(timeSchema),
    /** Newest change of the message or any of its parts: the version of the item. */
    updatedAt: z.exactOptional(timeSchema),
    /** When it disappeared from the agent's store. Kept, shown as undone, left out of the digest. */
    removedAt: z.exactOptional(timeSchema),
    error: z.exactOptional(messageErrorSchema),
    /** What the agent knows and we do not model; kept for restore. */
    meta: z.exactOptional(dataSchema),
    /** See `messageHash` in `@opensync/client/digest`. */
    hash: z.exactOptional(countSchema),
    /** Number of places masked before sending. */
    redacted: z.exactOptional(countSchema),
  }),
  { rename: resolveAliases },
);
export type Message = z.infer<typeof messageSchema>;
