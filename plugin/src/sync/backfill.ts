import { isConvexUrl, type OpenSyncClient, type SessionDigest } from "@opensync/client";
import { digestsEqual, messageHash } from "@opensync/client/digest";
import type { SessionEntry, StoreReader } from "../sources/source.ts";
import { inParallel } from "./in-parallel.ts";
import { askServer, type OnServer } from "./on-server.ts";
import type { Rejected } from "./push.ts";
import { storeDigest } from "./store-digest.ts";
import { type KnownSession, knownOnServer, type SyncScope, type SyncTools, syncSession } from "./sync-session.ts";

/** Which sessions to send: those not sent before, those that the server has otherwise or not at all, or all. */
export type BackfillMode = "new" | "all" | "force";

/** What was done about one session. */
export type SessionOutcome = {
  readonly externalId: string;
  /**
   * `skipped`: nothing had to be sent. `partly`: it was stopped in the middle. `kept`: the server keeps what it has,
   * because that is newer; said after `sent`, of the same session.
   */
  readonly kind: "sent" | "skipped" | "partly" | "kept";
  /** The last change in the store that the server has now, epoch ms; 0: not known. */
  readonly changedAtMs: number;
  /** Messages sent, and of these the ones reported as removed. */
  readonly messages: number;
  readonly removed: number;
  readonly rejected: readonly Rejected[];
  /** Whether the server takes all messages that the store has; `has` tells it of one. */
  readonly stored: Pick<ReadonlyMap<string, unknown>, "has">;
};

/** What a backfill works with. */
export type BackfillWorld = {
  readonly reader: StoreReader;
  readonly client: OpenSyncClient;
  /** Id of the agent. */
  readonly source: string;
  readonly tools: SyncTools;
};

/**
 * Sessions under way at once. Those that are ready share a request, so that a history of many short sessions costs few;
 * each holds at most one group of its messages in memory.
 */
const PARALLEL_SESSIONS = 16;

const NOTHING: OnServer = { ids: new Set(), digests: new Map(), deleted: new Set() };
const NONE = { messages: 0, removed: 0, rejected: [], stored: new Set<string>() } as const;

/**
 * Brings sessions of a store to the server, in about the order of the list, and tells about each.
 * @param tracked sessions that were sent before, for `new`
 * @throws AnyOpenSyncError when a request fails as a whole: the sessions told about so far are on the server
 */
export async function* backfill(
  entries: readonly SessionEntry[],
  mode: BackfillMode,
  tracked: ReadonlySet<string>,
  world: BackfillWorld,
): AsyncGenerator<SessionOutcome> {
  const { client, source, tools } = world;
  const onServer = mode === "new" ? NOTHING : await askServer(client, source);
  const sent = new Map<string, SessionDigest>();
  const work = (entry: SessionEntry) => sendOne(entry.externalId, mode, tracked, onServer, world, sent);
  for await (const outcome of inParallel(entries, PARALLEL_SESSIONS, work, tools.stop)) {
    if (outcome !== undefined) yield outcome;
  }
  if (mode !== "new" && !tools.stop?.aborted) yield* settle(sent, mode, world);
}

/** @param sent gets the digest of what was sent, of a session that the server had before in some state */
async function sendOne(
  externalId: string,
  mode: BackfillMode,
  tracked: ReadonlySet<string>,
  onServer: OnServer,
  { reader, client, tools }: BackfillWorld,
  sent: Map<string, SessionDigest>,
): Promise<SessionOutcome | undefined> {
  // Asked before reading: what changes meanwhile is not on the server yet.
  const changedAtMs = (await reader.lastChangeMs(externalId)) ?? 0;
  if (mode === "new" && tracked.has(externalId)) return { externalId, kind: "skipped", changedAtMs: 0, ...NONE };
  const skipped = { externalId, kind: "skipped", changedAtMs, ...NONE } as const;
  if (onServer.deleted.has(externalId)) return skipped;
  if (mode === "all" && (await hasReceipt(externalId, onServer, reader))) return skipped;
  const hasSome = onServer.ids.has(externalId) && !isConvexUrl(client.url);
  const onServerNow = hasSome ? await knownOnServer(client, externalId) : { known: new Map() };
  const scope: SyncScope = mode === "force" ? { ...onServerNow, against: "force" } : onServerNow;
  const result = await syncSession(reader, externalId, scope, tools);
  if (result === undefined) return undefined;
  if (hasSome && result.isComplete && result.rejected.length === 0) sent.set(externalId, result.digest);
  return {
    externalId,
    kind: result.isComplete ? "sent" : "partly",
    changedAtMs: result.isComplete ? changedAtMs : 0,
    messages: result.sent,
    removed: result.removed.length,
    rejected: result.rejected,
    stored: result.messages,
  };
}

/** Whether nothing needs to be sent. A server without digests says only that it has some of a session: that must do. */
async function hasReceipt(externalId: string, onServer: OnServer, reader: StoreReader): Promise<boolean> {
  if (onServer.digests === undefined) return onServer.ids.has(externalId);
  const theirs = onServer.digests.get(externalId);
  if (theirs === undefined) return false;
  const ours = await storeDigest(reader, externalId);
  return ours !== undefined && digestsEqual(ours, theirs);
}

/**
 * Looks whether the server took what it had in another state before: it keeps what is newer. `force` then sends it
 * once more as if it had changed now, which settles also what another machine has done meanwhile.
 */
async function* settle(
  sent: ReadonlyMap<string, SessionDigest>,
  mode: BackfillMode,
  { reader, client, source, tools }: BackfillWorld,
): AsyncGenerator<SessionOutcome> {
  if (sent.size === 0) return;
  const { digests } = await askServer(client, source);
  if (digests === undefined) return;
  for (const [externalId, digest] of sent) {
    const theirs = digests.get(externalId);
    if (theirs === undefined || digestsEqual(digest, theirs)) continue;
    const onServer = await knownOnServer(client, externalId);
    if (mode === "force") {
      const result = await syncSession(reader, externalId, { ...onServer, against: "overrule" }, tools);
      if (result === undefined || result.rejected.length === 0) continue;
    } else if (theirs[3] === digest[3] && (await hasAll(reader, externalId, onServer))) continue;
    yield { externalId, kind: "kept", changedAtMs: 0, ...NONE };
  }
}

/** Whether the server has every message of the store; what it has beyond is another device's. */
async function hasAll(reader: StoreReader, externalId: string, { known }: KnownSession): Promise<boolean> {
  for await (const message of reader.readMessages(externalId)) {
    const theirs = known.get(message.externalId);
    if (theirs?.hash !== messageHash(message) || theirs.isRemoved) return false;
  }
  return true;
}
