import { type CreateKeyAnswer, type CreateKeyRequest, createKeyAnswerSchema } from "@opensync/client";
import type PocketBase from "pocketbase";

/**
 * Makes an API key. The answer is the only time that the key itself is seen.
 * @throws ClientResponseError when the server refuses or cannot be reached
 */
export async function createApiKey(server: PocketBase, request: CreateKeyRequest): Promise<CreateKeyAnswer> {
  return createKeyAnswerSchema.parse(await server.send("/api/keys", { method: "POST", body: request }));
}

/**
 * Ends what a key may do, at once and for good.
 * @throws ClientResponseError when the server refuses or cannot be reached
 */
export async function revokeApiKey(server: PocketBase, id: string): Promise<void> {
  await server.send(`/api/keys/${encodeURIComponent(id)}`, { method: "DELETE" });
}
