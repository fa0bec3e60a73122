import type { SessionDigest } from "@opensync/client";
import { addToDigest, messageHash, sessionHash } from "@opensync/client/digest";
import type { StoreReader } from "../sources/source.ts";
import { createBreather } from "./breathe.ts";

/**
 * The digest of a session as the store has it. Reads all of it, one message at a time.
 * @returns undefined when the store has no such session
 */
export async function storeDigest(reader: StoreReader, externalId: string): Promise<SessionDigest | undefined> {
  const session = await reader.readSession(externalId);
  if (session === undefined) return undefined;
  let digest: SessionDigest = [0, 0, 0, sessionHash(session)];
  const breathe = createBreather();
  for await (const message of reader.readMessages(externalId)) {
    digest = addToDigest(digest, { hash: messageHash(message) });
    await breathe();
  }
  return digest;
}
