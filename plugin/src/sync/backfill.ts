import type { OpenSyncClient, SessionDigest } from "@opensync/client";
import { digestsEqual, messageHash, sessionDigest, sessionHash } from "@opensync/client/digest";
import type { StoreReader } from "../sources/source.ts";
import { knownOnServer, type SyncTools, syncSession } from "./sync-session.ts";

/** Which sessions to send: those not sent before, those that the server has otherwise or not at all, or all. */
export type BackfillMode = "new" | "all" | "force";

/** What was done about one session. */
export type SessionOutcome = {
  readonly externalId: string;
  /** `skipped`: nothing had to be sent. */
  readonly kind: "sent" | "skipped";
  /** The last change in the store that the server has now, epoch ms; 0: not known. */
  readonly changedAtMs: number;
  /** Messages sent. */
  readonly messages: number;
  /** One text for each item that the server did not take. */
  readonly errors: readonly string[];
};

/**
 * Brings the sessions of a store to the server, newest first, and tells about each.
 * @param tracked sessions that were sent before, for `new`
 * @throws AnyOpenSyncError when a request fails as a whole: the sessions told about so far are on the server
 */
export async function* backfill(
  reader: StoreReader,
  source: string,
  mode: BackfillMode,
  tracked: ReadonlySet<string>,
  tools: SyncTools,
): AsyncGenerator<SessionOutcome> {
  const onServer = mode === "all" ? await askServer(tools.client, source) : NOTHING;
  for (const { externalId } of await reader.listSessions(0)) {
    // Asked before reading: what changes meanwhile is not on the server yet.
    const changedAtMs = (await reader.lastChangeMs(externalId)) ?? 0;
    const skipped = { externalId, kind: "skipped", messages: 0, errors: [] } as const;
    if (mode === "new" && tracked.has(externalId)) yield { ...skipped, changedAtMs: 0 };
    else if (
      onServer.closed.has(externalId) ||
      (await hasReceipt(reader, externalId, onServer.digests.get(externalId)))
    ) {
      yield { ...skipped, changedAtMs };
    } else {
      const hasSome = onServer.digests.has(externalId);
      const known = hasSome ? await knownOnServer(tools.client, externalId, tools.signal) : () => undefined;
      const result = await syncSession(reader, externalId, { known }, tools);
      if (result === undefined) continue;
      yield { externalId, kind: "sent", changedAtMs, messages: result.sent, errors: result.errors };
    }
  }
}

/** What the server says about the sessions of an agent. */
type OnServer = {
  readonly digests: ReadonlyMap<string, SessionDigest>;
  /** Not to be sent: deleted on the dashboard, where they stay so; or there already, on a server without digests. */
  readonly closed: ReadonlySet<string>;
};

const NOTHING: OnServer = { digests: new Map(), closed: new Set() };

async function askServer(client: OpenSyncClient, source: string): Promise<OnServer> {
  const { sessionIds, digests, deleted = [] } = await client.listSessions({ digests: true, source });
  return { digests: new Map(Object.entries(digests ?? {})), closed: new Set(digests ? deleted : sessionIds) };
}

/** Whether the server's digest proves that it has all of the session. */
async function hasReceipt(
  reader: StoreReader,
  externalId: string,
  onServer: SessionDigest | undefined,
): Promise<boolean> {
  if (onServer === undefined) return false;
  const session = await reader.readSession(externalId);
  if (session === undefined) return false;
  const messages: { hash: number }[] = [];
  for await (const message of reader.readMessages(externalId)) messages.push({ hash: messageHash(message) });
  return digestsEqual(sessionDigest(sessionHash(session), messages), onServer);
}
