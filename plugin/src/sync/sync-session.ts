import type { Message, OpenSyncClient, Session } from "@opensync/client";
import type { Redactor } from "../redact/redactor.ts";
import type { StoreReader } from "../sources/source.ts";
import { createBreather } from "./breathe.ts";
import { type Observed, type Outgoing, outgoingMessage, outgoingSession } from "./outgoing.ts";
import { push } from "./push.ts";

/** What one session needs to get to the server. */
export type SyncTools = {
  readonly client: OpenSyncClient;
  readonly redactor: Redactor;
  /** What is seen of a session on this machine right now. */
  readonly observe: (session: Session) => Promise<Observed>;
  readonly signal?: AbortSignal;
};

/** What to look at. */
export type SyncScope = {
  /** Only these messages; absent: all. */
  readonly messageIds?: ReadonlySet<string>;
  /** Whether the server is known to have this message in exactly this state; such a message is not sent. */
  readonly isKnown: (externalId: string, hash: number) => boolean;
};

/** What was done. */
export type SyncResult = {
  /** Hash of each message that was read, by id: what the server has now, unless `errors` names it. */
  readonly hashes: ReadonlyMap<string, number>;
  /** Newest change of the session and of what was read of it, epoch ms. */
  readonly changedAtMs: number;
  /** Messages sent. */
  readonly sent: number;
  readonly errors: readonly string[];
};

/** Messages held in memory before they are sent; a message can be some MiB. */
const GROUP_SIZE = 50;

/**
 * Brings one session to the server: reads it, leaves out the messages that the server has, sends the others.
 * @returns undefined when the store has no such session
 * @throws AnyOpenSyncError when a request fails; what was sent before is stored
 */
export async function syncSession(
  reader: StoreReader,
  externalId: string,
  scope: SyncScope,
  tools: SyncTools,
): Promise<SyncResult | undefined> {
  const stored = await reader.readSession(externalId);
  if (stored === undefined) return undefined;
  const session = outgoingSession(stored, await tools.observe(stored), tools.redactor);
  const hashes = new Map<string, number>();
  const errors: string[] = [];
  let sent = 0;
  let changedAtMs = stored.updatedAt ?? 0;
  let sessions: Outgoing<Session>[] = [session];
  let messages: Outgoing<Message>[] = [];
  const breathe = createBreather();
  const send = async () => {
    const result = await push(tools.client, sessions, messages, tools.signal);
    sent += result.messages;
    errors.push(...result.errors);
    sessions = [];
    messages = [];
  };
  for await (const message of reader.readMessages(externalId, scope.messageIds)) {
    const item = outgoingMessage(message, tools.redactor);
    const hash = item.hash ?? 0;
    hashes.set(item.externalId, hash);
    changedAtMs = Math.max(changedAtMs, item.updatedAt ?? 0);
    await breathe();
    if (scope.isKnown(item.externalId, hash)) continue;
    messages.push(item);
    if (messages.length >= GROUP_SIZE) await send();
  }
  if (sessions.length > 0 || messages.length > 0) await send();
  return { hashes, changedAtMs, sent, errors };
}

/**
 * What the server has of a session, as the question that `SyncScope` asks.
 * @throws AnyOpenSyncError
 */
export async function knownOnServer(client: OpenSyncClient, externalId: string, signal?: AbortSignal) {
  const { messages } = await client.sessionMessages(externalId, signal === undefined ? {} : { signal });
  return (messageId: string, hash: number): boolean => messages[messageId]?.[0] === hash;
}
