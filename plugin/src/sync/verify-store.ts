import { ContractError, type OpenSyncClient, type SessionDigest } from "@opensync/client";
import { digestsEqual, messageHash, sessionHash } from "@opensync/client/digest";
import type { StoreReader } from "../sources/source.ts";
import { askServer } from "./on-server.ts";
import { storeDigest } from "./store-digest.ts";

/** Something that store and server do not agree on. */
export type Difference = {
  /**
   * `missing`: the server does not have it; `different`: it has it in another state; `beyond`: only the server has it;
   * `deleted`: it was deleted on the dashboard, on purpose.
   */
  readonly kind: "missing" | "different" | "beyond" | "deleted";
  readonly sessionId: string;
  /** Absent: the session itself. */
  readonly messageId?: string;
  readonly reason?: string;
  /** The server keeps what it has, since that is newer, until `sync --force`. */
  readonly isKept?: boolean;
};

/** What was found out about one session. */
export type Proof = {
  readonly sessionId: string;
  /** Messages in the store; 0 for a session that only the server has. */
  readonly messages: number;
  /** Empty: the server has all of it, and nothing else. */
  readonly differences: readonly Difference[];
};

/**
 * Compares a store with the server, session by session: by digest, and where that differs message by message. What
 * changed while it was looked at is looked at again, so that a session at work is not reported.
 * @param sessionIds sessions of the store to look at
 * @param options.isWhole whether these are all, so that others on the server are beyond them
 * @returns one proof for each, in any order; then those of sessions that only the server has
 * @throws AnyOpenSyncError, StoreError
 */
export async function* verifyStore(
  reader: StoreReader,
  source: string,
  client: OpenSyncClient,
  sessionIds: readonly string[],
  options: { readonly isWhole: boolean; readonly signal?: AbortSignal },
): AsyncGenerator<Proof> {
  const { signal } = options;
  const onServer = await askServer(client, source, signal);
  if (onServer.digests === undefined) throw cannotProve(client.url);
  const suspects: string[] = [];
  for (const sessionId of sessionIds) {
    signal?.throwIfAborted();
    const digest = await storeDigest(reader, sessionId);
    if (digest === undefined) continue;
    const theirs = onServer.digests.get(sessionId);
    if (onServer.deleted.has(sessionId)) {
      yield { sessionId, messages: digest[0], differences: [{ kind: "deleted", sessionId }] };
    } else if (theirs !== undefined && digestsEqual(digest, theirs)) {
      yield { sessionId, messages: digest[0], differences: [] };
    } else suspects.push(sessionId);
  }
  const fresh = suspects.length === 0 ? onServer : await askServer(client, source, signal);
  for (const sessionId of suspects) {
    signal?.throwIfAborted();
    const proof = await compareSession(reader, client, sessionId, fresh.digests?.get(sessionId), signal);
    if (proof !== undefined) yield proof;
  }
  if (!options.isWhole) return;
  const inStore = new Set(sessionIds);
  for (const sessionId of onServer.ids) {
    if (inStore.has(sessionId) || onServer.deleted.has(sessionId)) continue;
    yield { sessionId, messages: 0, differences: [{ kind: "beyond", sessionId }] };
  }
}

function cannotProve(url: string): ContractError {
  return new ContractError({
    message: `${url} does not say what it has of a session: nothing can be proved`,
    hint: "A server of version 1 keeps no digests. Update it, or sign in to another: opencode-sync login",
  });
}

/** A message as the store has it. */
type Stored = { readonly hash: number; readonly version: number };

/** A message as the server has it. */
type Theirs = readonly [hash: number, version: number] | undefined;

const SERVER_IS_NEWER = "the server's is newer";
const STORE_IS_NEWER = "the store's is newer";

/** The store is read first: whatever it has by then, the server is asked for afterwards. */
async function compareSession(
  reader: StoreReader,
  client: OpenSyncClient,
  sessionId: string,
  digest: SessionDigest | undefined,
  signal: AbortSignal | undefined,
): Promise<Proof | undefined> {
  const session = await reader.readSession(sessionId);
  if (session === undefined) return undefined;
  const stored = new Map<string, Stored>();
  for await (const message of reader.readMessages(sessionId)) {
    stored.set(message.externalId, { hash: messageHash(message), version: message.updatedAt ?? 0 });
  }
  if (digest === undefined) {
    return { sessionId, messages: stored.size, differences: [{ kind: "missing", sessionId }] };
  }
  const answer = await client.sessionMessages(sessionId, signal === undefined ? {} : { signal });
  const { messages, removed = {} } = answer;
  const differences: Difference[] = [];
  if (digest[3] !== sessionHash(session)) {
    const isNewer = (answer.session?.[1] ?? 0) > (session.updatedAt ?? 0);
    const newer = isNewer
      ? { reason: `its own fields, ${SERVER_IS_NEWER}`, isKept: true }
      : { reason: "its own fields" };
    differences.push({ kind: "different", sessionId, ...newer });
  }
  for (const [messageId, message] of stored) {
    const difference = compareMessage(message, messages[messageId], removed[messageId]);
    if (difference !== undefined) differences.push({ ...difference, sessionId, messageId });
  }
  for (const messageId of Object.keys(messages)) {
    if (!stored.has(messageId)) differences.push({ kind: "beyond", sessionId, messageId });
  }
  return { sessionId, messages: stored.size, differences };
}

function compareMessage(
  stored: Stored,
  theirs: Theirs,
  removed: Theirs,
): Pick<Difference, "kind" | "reason" | "isKept"> | undefined {
  if (theirs === undefined && removed === undefined) return { kind: "missing" };
  const [hash = 0, version = 0] = theirs ?? removed ?? [];
  if (removed !== undefined) {
    if (version >= stored.version) return { kind: "different", reason: "removed on the server", isKept: true };
  } else if (hash === stored.hash) return undefined;
  if (hash === 0) return { kind: "different", reason: "stored by an older client" };
  if (version > stored.version) return { kind: "different", reason: SERVER_IS_NEWER, isKept: true };
  return { kind: "different", reason: STORE_IS_NEWER };
}
