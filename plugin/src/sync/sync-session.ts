import { isConvexUrl, type Message, type OpenSyncClient, type Session, type SessionDigest } from "@opensync/client";
import { addToDigest } from "@opensync/client/digest";
import type { Redaction } from "../redact/redaction.ts";
import type { StoreReader } from "../sources/source.ts";
import { createBreather } from "./breathe.ts";
import { Outbox } from "./outbox.ts";
import { type Observed, type Outgoing, outgoingMessage, outgoingRemoval, outgoingSession } from "./outgoing.ts";
import type { Push, Rejected } from "./push.ts";
import { SESSION_ITSELF, type SentItems, type SentVersions } from "./sent-items.ts";

/** What one session needs to get to the server. */
export type SyncTools = {
  readonly push: Push;
  readonly redaction: Redaction;
  /** What is seen of a session on this machine right now. */
  readonly observe: (session: Session) => Promise<Observed>;
  /** What this machine sent before. */
  readonly sent: SentItems;
  /** Current time, epoch ms. */
  readonly now: () => number;
  /** Fires when it is time to stop after what is being sent. */
  readonly stop?: AbortSignal;
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
  /** What the server is known to have of the messages. What it has in the same state is not sent. */
  readonly known: ReadonlyMap<string, Known>;
  /**
   * What this machine sent before; absent: asked of the tools. What the store says now is newer than that, also when
   * the newest part was taken away and the time of the rest is older.
   */
  readonly sent?: SentVersions;
  /**
   * `force`: everything is sent, under a version that is not below the server's. `overrule`: what differs is sent as
   * if it had changed now. Absent: what differs, under its own version.
   */
  readonly against?: "force" | "overrule";
};

/** What was done. */
export type SyncResult = {
  /** Each message that was read and is on the server now. */
  readonly messages: ReadonlyMap<string, Known>;
  /** Messages that were reported as removed. */
  readonly removed: readonly string[];
  /** Version under which the session itself was sent. */
  readonly sessionVersion: number;
  /** Newest change of the session and of what was read of it, epoch ms. */
  readonly changedAtMs: number;
  /** Of the session and what was read of it. */
  readonly digest: SessionDigest;
  /** Messages sent. */
  readonly sent: number;
  readonly rejected: readonly Rejected[];
  /** False: it was stopped before its end. */
  readonly isComplete: boolean;
};

/**
 * Brings one session to the server: reads it, leaves out the messages that the server has, sends the others, and says
 * which were removed.
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
  const { known, against } = scope;
  const sent = scope.sent ?? (await tools.sent.read(externalId));
  const redactor = await tools.redaction.forProject(stored.projectPath);
  const sessionVersion = Math.max(stored.updatedAt ?? 0, sent.get(SESSION_ITSELF) ?? 0, sessionFloor(scope, tools));
  const session = outgoingSession(stored, await tools.observe(stored), redactor);
  // A session without any time keeps none: the server takes the one of its newest message.
  const outbox = new Outbox(
    sessionVersion === 0 ? session : { ...session, updatedAt: sessionVersion },
    tools.sent,
    tools.push,
  );
  const messages = new Map<string, Known>();
  const breathe = createBreather();
  let changedAtMs = stored.updatedAt ?? 0;
  let digest: SessionDigest = [0, 0, 0, session.hash ?? 0];
  let isComplete = true;
  for await (const message of reader.readMessages(externalId, scope.messageIds)) {
    const item = outgoingMessage(message, redactor);
    const { hash = 0, updatedAt = 0 } = item;
    const onServer = known.get(item.externalId);
    const floor = against === "overrule" ? tools.now() : against === "force" ? (onServer?.version ?? 0) : 0;
    const version = Math.max(updatedAt, sent.get(item.externalId) ?? 0, floor);
    const isKnown = onServer?.hash === hash;
    messages.set(item.externalId, {
      hash,
      version: isKnown && against === undefined ? Math.max(updatedAt, onServer.version) : version,
    });
    changedAtMs = Math.max(changedAtMs, updatedAt);
    digest = addToDigest(digest, { hash });
    const wasSent = (!isKnown || against === "force") && (await outbox.add({ ...item, updatedAt: version }));
    if (wasSent && tools.stop?.aborted) {
      isComplete = false;
      break;
    }
    await breathe();
  }
  const removals = isComplete ? findRemovals(reader, externalId, scope, sent, messages, tools.now()) : [];
  for (const removal of removals) await outbox.add(removal);
  await outbox.send();
  for (const { externalId: id } of outbox.rejected) if (id !== undefined) messages.delete(id);
  return {
    messages,
    removed: removals.map(({ externalId: id }) => id),
    sessionVersion,
    changedAtMs,
    digest,
    sent: outbox.sent,
    rejected: outbox.rejected,
    isComplete,
  };
}

/** The version of a session on the server is not known; that of its messages is the best that can be said about it. */
function sessionFloor({ known, against }: SyncScope, { now }: SyncTools): number {
  if (against === undefined) return 0;
  if (against === "overrule") return now();
  let floor = 0;
  for (const { version } of known.values()) floor = Math.max(floor, version);
  return floor;
}

/**
 * Messages that are on the server and no longer in the store. Of those, only what this process saw vanish, or what this
 * machine once sent, was removed here; the others are another device's.
 */
function findRemovals(
  reader: StoreReader,
  sessionId: string,
  { seenIds, messageIds, known }: SyncScope,
  sent: SentVersions,
  stored: ReadonlyMap<string, Known>,
  nowMs: number,
): Outgoing<Message>[] {
  // A store that cannot be read may be the one that has them.
  if (reader.unreadable.length > 0) return [];
  const removals: Outgoing<Message>[] = [];
  for (const id of messageIds === undefined ? known.keys() : (seenIds ?? [])) {
    const onServer = stored.has(id) ? undefined : known.get(id);
    if (onServer === undefined || !(seenIds?.has(id) || sent.has(id))) continue;
    // Of one version the removal wins, and a clock that went back must not make it the older one.
    removals.push(outgoingRemoval(sessionId, id, onServer.hash, Math.max(nowMs, onServer.version)));
  }
  return removals;
}

/**
 * What the server has of the messages of a session. A v1 server cannot be asked: nothing then.
 * @throws AnyOpenSyncError
 */
export async function knownOnServer(
  client: OpenSyncClient,
  externalId: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Known>> {
  if (isConvexUrl(client.url)) return new Map();
  const { messages } = await client.sessionMessages(externalId, signal === undefined ? {} : { signal });
  return new Map(Object.entries(messages).map(([id, [hash, version]]) => [id, { hash, version }]));
}
