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
  const onServer = mode === "all" ? await digestsOnServer(tools.client, source) : new Map<string, SessionDigest>();
  for (const { externalId } of await reader.listSessions(0)) {
    const isDone =
      (mode === "new" && tracked.has(externalId)) || (await hasReceipt(reader, externalId, onServer.get(externalId)));
    if (isDone) {
      yield { externalId, kind: "skipped", messages: 0, errors: [] };
      continue;
    }
    const known = onServer.has(externalId)
      ? await knownOnServer(tools.client, externalId, tools.signal)
      : () => undefined;
    const result = await syncSession(reader, externalId, { known }, tools);
    if (result !== undefined) yield { externalId, kind: "sent", messages: result.sent, errors: result.errors };
  }
}

/** An older server says only that it has a session: an empty digest then, which no session of ours equals. */
async function digestsOnServer(client: OpenSyncClient, source: string): Promise<Map<string, SessionDigest>> {
  const { digests = {} } = await client.listSessions({ digests: true, source });
  return new Map(Object.entries(digests));
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
