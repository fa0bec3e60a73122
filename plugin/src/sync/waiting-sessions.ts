import type { StoreReader } from "../sources/source.ts";
import type { SyncState } from "./sync-state.ts";

/** A session that may not be on the server as the store has it. */
export type WaitingSession = { readonly externalId: string; readonly changedAtMs: number };

/**
 * Sessions that changed after what the server is known to have, newest first.
 * @param limit looks at no more sessions than this
 */
export async function waitingSessions(
  reader: StoreReader,
  state: SyncState,
  limit = Number.POSITIVE_INFINITY,
): Promise<WaitingSession[]> {
  const waiting: WaitingSession[] = [];
  for (const { externalId } of (await reader.listSessions(state.sinceMs)).slice(0, limit)) {
    const changedAtMs = (await reader.lastChangeMs(externalId)) ?? 0;
    if (changedAtMs > (state.sessions[externalId] ?? 0)) waiting.push({ externalId, changedAtMs });
  }
  return waiting;
}
