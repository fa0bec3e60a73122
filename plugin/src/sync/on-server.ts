import type { OpenSyncClient, SessionDigest } from "@opensync/client";

/** What the server says about the sessions of an agent. */
export type OnServer = {
  /** All of them, also the deleted ones. */
  readonly ids: ReadonlySet<string>;
  /** What it has of each; undefined: a version 1 server, which keeps no digests. */
  readonly digests: ReadonlyMap<string, SessionDigest> | undefined;
  /** Deleted on the dashboard, where they stay so until they are restored there. */
  readonly deleted: ReadonlySet<string>;
};

/** Sessions asked for at once: an answer of about 100 kB. */
const PAGE_SIZE = 1_000;

/**
 * Asks the server for all its sessions of an agent, in pages.
 * @param source id of the agent
 * @throws AnyOpenSyncError
 */
export async function askServer(client: OpenSyncClient, source: string, signal?: AbortSignal): Promise<OnServer> {
  const ids = new Set<string>();
  const digests = new Map<string, SessionDigest>();
  const deleted = new Set<string>();
  const query = { digests: true, source, limit: PAGE_SIZE, ...(signal === undefined ? {} : { signal }) };
  for (let after: string | undefined; ; ) {
    const page = await client.listSessions(after === undefined ? query : { ...query, after });
    for (const id of page.sessionIds) ids.add(id);
    if (page.digests === undefined) return { ids, digests: undefined, deleted };
    for (const [id, digest] of Object.entries(page.digests)) digests.set(id, digest);
    for (const id of page.deleted ?? []) deleted.add(id);
    if (page.sessionIds.length < PAGE_SIZE) return { ids, digests, deleted };
    after = page.sessionIds.at(-1);
  }
}
