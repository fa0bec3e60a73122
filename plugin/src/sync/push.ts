import { type BatchChunk, chunkItems, type Message, type OpenSyncClient, type Session } from "@opensync/client";
import type { Outgoing } from "./outgoing.ts";

/** An item that the server did not take. */
export type Rejected = {
  /** Of the session or message; undefined: the server did not say which it was. */
  readonly externalId: string | undefined;
  /** Of the session that it belongs to, or is. */
  readonly sessionId: string | undefined;
  readonly isMessage: boolean;
  /** Why, in a line that names it. */
  readonly reason: string;
};

/** What became of some items. */
export type PushResult = {
  /** Messages that the server has now. */
  readonly messages: number;
  readonly rejected: readonly Rejected[];
};

/** A way to send items. */
export type Push = (
  sessions: readonly Outgoing<Session>[],
  messages: readonly Outgoing<Message>[],
) => Promise<PushResult>;

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
  const rejected: Rejected[] = [];
  let stored = 0;
  for (const chunk of chunkItems(sessions, messages)) {
    if (chunk.kind === "too-large") {
      const item = "message" in chunk.item ? chunk.item.message : chunk.item.session;
      const reason = `${item.externalId}: ${chunk.bytes} bytes are too large for one request`;
      rejected.push({ ...nameOf(item), reason });
      continue;
    }
    const answer = await client.pushChunk(chunk, signal === undefined ? {} : { signal });
    stored += answer.messages;
    for (const reason of answer.errors) rejected.push({ ...nameOf(findItem(reason, chunk)), reason });
  }
  return { messages: stored, rejected };
}

/** Sends nothing, and says what a server would say that takes everything. */
export const pretendPush: Push = async (_sessions, messages) => ({ messages: messages.length, rejected: [] });

/** The item that an error is about: it begins with list and position. */
function findItem(reason: string, { batch }: BatchChunk): Session | Message | undefined {
  const [, list, index] = /^(sessions|messages)\[(\d+)\]/.exec(reason) ?? [];
  if (list === undefined) return undefined;
  return list === "sessions" ? batch.sessions?.[Number(index)] : batch.messages?.[Number(index)];
}

function nameOf(item: Session | Message | undefined): Omit<Rejected, "reason"> {
  const isMessage = item !== undefined && "sessionExternalId" in item;
  return { externalId: item?.externalId, sessionId: isMessage ? item.sessionExternalId : item?.externalId, isMessage };
}
