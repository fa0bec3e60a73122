import { isConvexUrl, type Message, type OpenSyncClient, type Session, type SessionDigest } from "@opensync/client";
import { addToDigest, messageHash } from "@opensync/client/digest";
import type { Redaction } from "../redact/redaction.ts";
import type { StoreReader } from "../sources/source.ts";
import { createBreather } from "./breathe.ts";
import { Outbox, type OutboxTools } from "./outbox.ts";
import { type Observed, type Outgoing, outgoingMessage, outgoingRemoval, outgoingSession } from "./outgoing.ts";
import type { Rejected } from "./push.ts";
import { SESSION_ITSELF, type SentVersions } from "./sent-items.ts";

/** What one session needs to get to the server. */
export type SyncTools = OutboxTools & {
  readonly redaction: Redaction;
  /** What is seen of a session on this machine right now. */
  readonly observe: (session: Session) => Promise<Observed>;
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
  /** It counts as removed there: to have it back takes a greater version. */
  readonly isRemoved?: true;
};

/** What to look at. */
export type SyncScope = {
  /** Only these messages; absent: all. */
  readonly messageIds?: ReadonlySet<string>;
  /** Messages that this process saw changing: one that the store no longer has was removed. */
  readonly seenIds?: ReadonlySet<string>;
  /** What the server is known to have of the messages. What it has in the same state is not sent. */
  readonly known: ReadonlyMap<string, Known>;
  /** Version of the session itself on the server, epoch ms; absent: not known. */
  readonly sessionVersion?: number;
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
  const outbox = new Outbox(sessionVersion === 0 ? session : { ...session, updatedAt: sessionVersion }, tools);
  const messages = new Map<string, Known>();
  const breathe = createBreather();
  let changedAtMs = stored.updatedAt ?? 0;
  let digest: SessionDigest = [0, 0, 0, session.hash ?? 0];
  let isComplete = true;
  for await (const message of reader.readMessages(externalId, scope.messageIds)) {
    const { externalId: id, updatedAt = 0 } = message;
    const onServer = known.get(id);
    changedAtMs = Math.max(changedAtMs, updatedAt);
    // Masking takes longer than all else: what the server has goes without.
    if (onServer !== undefined && against !== "force" && hasSame(onServer, message)) {
      messages.set(id, { hash: onServer.hash, version: Math.max(updatedAt, onServer.version) });
      digest = addToDigest(digest, onServer);
    } else {
      const item = outgoingMessage(message, redactor);
      const { hash = 0 } = item;
      digest = addToDigest(digest, { hash });
      const version = Math.max(updatedAt, sent.get(id) ?? 0, messageFloor(onServer, scope, tools));
      messages.set(id, { hash, version });
      const wasSent = await outbox.add({ ...item, updatedAt: version });
      if (wasSent && tools.stop?.aborted) {
        isComplete = false;
        break;
      }
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

function hasSame({ hash, isRemoved }: Known, message: Message): boolean {
  return isRemoved !== true && hash === messageHash(message);
}

/** Of one version a removal wins. */
function messageFloor(onServer: Known | undefined, { against }: SyncScope, { now }: SyncTools): number {
  if (against === undefined) return 0;
  const enough = onServer === undefined ? 0 : onServer.version + (onServer.isRemoved ? 1 : 0);
  return against === "overrule" ? Math.max(now(), enough) : enough;
}

/** A server that does not tell the version of the session itself tells those of its messages. */
function sessionFloor({ known, sessionVersion = 0, against }: SyncScope, { now }: SyncTools): number {
  if (against === undefined) return 0;
  let floor = Math.max(sessionVersion, against === "overrule" ? now() : 0);
  for (const { version } of known.values()) floor = Math.max(floor, version);
  return floor;
}

/**
 * Messages that are on the server and no longer in the store. Of those, only what this process saw vanish, or what this
 * machine was the last to send, was removed here; the others are another device's.
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
    if (onServer === undefined || onServer.isRemoved) continue;
    const isOurs = seenIds?.has(id) || (sent.get(id) ?? -1) >= onServer.version;
    if (!isOurs) continue;
    // Of one version the removal wins, and a clock that went back must not make it the older one.
    removals.push(outgoingRemoval(sessionId, id, onServer.hash, Math.max(nowMs, onServer.version)));
  }
  return removals;
}

/** What a server has of one session. */
export type KnownSession = Required<Pick<SyncScope, "known" | "sessionVersion">>;

/**
 * What the server has of a session. A v1 server cannot be asked: nothing then.
 * @throws AnyOpenSyncError
 */
export async function knownOnServer(
  client: OpenSyncClient,
  externalId: string,
  signal?: AbortSignal,
): Promise<KnownSession> {
  const known = new Map<string, Known>();
  if (isConvexUrl(client.url)) return { known, sessionVersion: 0 };
  const answer = await client.sessionMessages(externalId, signal === undefined ? {} : { signal });
  const { messages, removed = {}, session } = answer;
  for (const [id, [hash, version]] of Object.entries(messages)) known.set(id, { hash, version });
  for (const [id, [hash, version]] of Object.entries(removed)) known.set(id, { hash, version, isRemoved: true });
  return { known, sessionVersion: session?.[1] ?? 0 };
}
