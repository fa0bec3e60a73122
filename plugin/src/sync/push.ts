import { chunkItems, type Message, type OpenSyncClient, type Session } from "@opensync/client";
import type { Outgoing } from "./outgoing.ts";

/** What became of some items. */
export type PushResult = {
  /** Messages that the server has now. */
  readonly messages: number;
  /** Rows that became different by it; undefined when the server does not say. */
  readonly changed: number | undefined;
  /** One text for each item that was not stored. */
  readonly errors: readonly string[];
};

/**
 * Sends items in as few requests as the limits allow, in order.
 * @throws AnyOpenSyncError when a request fails as a whole: what came before it is stored, repeating is harmless
 */
export async function push(
  client: OpenSyncClient,
  sessions: readonly Outgoing<Session>[],
  messages: readonly Outgoing<Message>[],
  signal?: AbortSignal,
): Promise<PushResult> {
  const errors: string[] = [];
  let stored = 0;
  let changed: number | undefined = 0;
  for (const chunk of chunkItems(sessions, messages)) {
    if (chunk.kind === "too-large") {
      const id = "message" in chunk.item ? chunk.item.message.externalId : chunk.item.session.externalId;
      errors.push(`${id}: ${chunk.bytes} bytes are too large for one request`);
      continue;
    }
    const answer = await client.pushChunk(chunk, signal === undefined ? {} : { signal });
    stored += answer.messages;
    errors.push(...answer.errors);
    if (changed !== undefined) changed = answer.changed && changed + answer.changed.sessions + answer.changed.messages;
  }
  return { messages: stored, changed, errors };
}
