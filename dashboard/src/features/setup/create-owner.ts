import { type CreateKeyAnswer, type SetupRequest, setupAnswerSchema } from "@opensync/client";
import type PocketBase from "pocketbase";
import { createApiKey } from "../../lib/api-keys.ts";

/**
 * Creates the first account and signs it in.
 * @throws ClientResponseError: 401 token not valid, 410 an account exists already, 400 which field is wrong and why
 */
export async function createOwner(server: PocketBase, request: SetupRequest): Promise<void> {
  const answer = setupAnswerSchema.parse(await server.send("/api/setup", { method: "POST", body: request }));
  server.authStore.save(answer.token, { ...answer.record, collectionId: "users", collectionName: "users" });
}

/**
 * Makes the key that the first device will use.
 * @throws ClientResponseError when the server refuses or cannot be reached
 */
export function createFirstKey(server: PocketBase): Promise<CreateKeyAnswer> {
  return createApiKey(server, { name: "First device", scope: "sync" });
}
