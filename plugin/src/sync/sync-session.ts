import { isConvexUrl, type Message, type OpenSyncClient, type Session } from "@opensync/client";
import type { Redaction } from "../redact/redaction.ts";
import type { StoreReader } from "../sources/source.ts";
import { createBreather } from "./breathe.ts";
import { type Observed, type Outgoing, outgoingMessage, outgoingRemoval, outgoingSession } from "./outgoing.ts";
import { push } from "./push.ts";

/** What one session needs to get to the server. */
export type SyncTools = {
  readonly client: OpenSyncClient;
  readonly redaction: Redaction;
  /** What is seen of a session on this machine right now. */
  readonly observe: (session: Session) => Promise<Observed>;
  /** Current time, epoch ms. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
};

/** A message as the server has it. */
export type Known = {
  readonly hash: number;
  /** Its version: updatedAt, epoch ms. */
  readonly version: number;
};

/** What to look at. */
export type SyncScope = {
  /** Only these messages; absent: all. */
  readonly messageIds?: ReadonlySet<string>;
  /** Messages that this process saw changing: one that the store no longer has was removed. */
  readonly seenIds?: ReadonlySet<string>;
  /** What the server is known to have of a message; undefined: nothing. What it has in the same state is not sent. */
  readonly known: (externalId: string) => Known | undefined;
  /**
   * The version in which this process sent a message itself, epoch ms; 0: it did not. What the store says now is newer,
   * also when its newest part was taken away and the time of the rest is older.
   */
  readonly sentVersion?: (externalId: string) => number;
};

/** What was done. */
export type SyncResult = {
  /** Each message that was read, by id: what the server has now, unless `errors` names it. */
  readonly messages: ReadonlyMap<string, Known>;
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
  const redactor = await tools.redaction.forProject(stored.projectPath);
  const session = outgoingSession(stored, await tools.observe(stored), redactor);
  const outbox = new Outbox(tools, session);
  const messages = new Map<string, Known>();
  const breathe = createBreather();
  let changedAtMs = stored.updatedAt ?? 0;
  for await (const message of reader.readMessages(externalId, scope.messageIds)) {
    const item = outgoingMessage(message, redactor);
    const { hash = 0, updatedAt = 0 } = item;
    const version = Math.max(updatedAt, scope.sentVersion?.(item.externalId) ?? 0);
    messages.set(item.externalId, { hash, version });
    changedAtMs = Math.max(changedAtMs, updatedAt);
    if (scope.known(item.externalId)?.hash !== hash) await outbox.add({ ...item, updatedAt: version });
    await breathe();
  }
  for (const removed of removals(externalId, scope, messages, tools.now())) await outbox.add(removed);
  await outbox.send();
  return { messages, changedAtMs, sent: outbox.sent, errors: outbox.errors };
}

function removals(
  sessionId: string,
  { seenIds = new Set(), known }: SyncScope,
  stored: ReadonlyMap<string, Known>,
  nowMs: number,
): Outgoing<Message>[] {
  return [...seenIds].flatMap((id) => {
    const onServer = stored.has(id) ? undefined : known(id);
    return onServer === undefined ? [] : [outgoingRemoval(sessionId, id, onServer.hash, nowMs)];
  });
}

/** Collects messages and sends them in groups; the session goes with the first. */
class Outbox {
  readonly errors: string[] = [];
  sent = 0;
  readonly #tools: SyncTools;
  #sessions: Outgoing<Session>[];
  #messages: Outgoing<Message>[] = [];

  constructor(tools: SyncTools, session: Outgoing<Session>) {
    this.#tools = tools;
    this.#sessions = [session];
  }

  async add(message: Outgoing<Message>): Promise<void> {
    this.#messages.push(message);
    if (this.#messages.length >= GROUP_SIZE) await this.send();
  }

  async send(): Promise<void> {
    if (this.#sessions.length === 0 && this.#messages.length === 0) return;
    const result = await push(this.#tools.client, this.#sessions, this.#messages, this.#tools.signal);
    this.sent += result.messages;
    this.errors.push(...result.errors);
    this.#sessions = [];
    this.#messages = [];
  }
}

/**
 * What the server has of a session, as the question that `SyncScope` asks. A v1 server cannot be asked: nothing then.
 * @throws AnyOpenSyncError
 */
export async function knownOnServer(client: OpenSyncClient, externalId: string, signal?: AbortSignal) {
  if (isConvexUrl(client.url)) return () => undefined;
  const { messages } = await client.sessionMessages(externalId, signal === undefined ? {} : { signal });
  return (messageId: string): Known | undefined => {
    const [hash, version] = messages[messageId] ?? [];
    return hash === undefined || version === undefined ? undefined : { hash, version };
  };
}
