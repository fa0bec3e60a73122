import { messageErrorSchema } from "@opensync/client";
import * as z from "zod/mini";

/** A message with its content. PocketBase has no null: 0 and "" mean absent. */
export const messageSchema = z.object({
  id: z.string(),
  role: z.string(),
  model: z.string(),
  agent: z.string(),
  promptTokens: z.number(),
  completionTokens: z.number(),
  tokensInput: z.number(),
  tokensCacheRead: z.number(),
  tokensCacheWrite: z.number(),
  tokensOutput: z.number(),
  tokensReasoning: z.number(),
  cost: z.number(),
  costSource: z.string(),
  durationMs: z.number(),
  createdAt: z.number(),
  removedAt: z.number(),
  syncedAt: z.number(),
  /** Clients of the first version may have stored another shape: then only that there was an error is known. */
  error: z.catch(z.nullable(messageErrorSchema), { name: "Error", message: "" }),
  textContent: z.string(),
  parts: z.unknown(),
});
export type MessageRecord = z.infer<typeof messageSchema>;
