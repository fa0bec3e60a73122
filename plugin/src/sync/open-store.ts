import type { Session } from "@opensync/client";
import { isExcluded, type Settings } from "../config/settings.ts";
import type { Environment } from "../environment.ts";
import type { SessionEntry, Source, StoreReader } from "../sources/source.ts";

/**
 * Opens an agent's store without the sessions that must stay on this machine: for everything above it they are not
 * there, so that nothing can send, count or name them.
 * @throws StoreError as `Source.open`
 */
export async function openStore(
  source: Source,
  env: Environment,
  settings: Pick<Settings, "excluded">,
): Promise<StoreReader> {
  const reader = await source.open(env);
  return settings.excluded.length === 0 ? reader : withoutExcluded(reader, settings);
}

function withoutExcluded(reader: StoreReader, settings: Pick<Settings, "excluded">): StoreReader {
  const allowed = async (externalId: string): Promise<Session | undefined> => {
    const session = await reader.readSession(externalId);
    return session === undefined || isExcluded(settings, session.projectPath) ? undefined : session;
  };
  return {
    ...reader,
    listSessions: async (changedSinceMs) => {
      const entries: SessionEntry[] = [];
      for (const entry of await reader.listSessions(changedSinceMs)) {
        if ((await allowed(entry.externalId)) !== undefined) entries.push(entry);
      }
      return entries;
    },
    lastChangeMs: async (externalId) =>
      (await allowed(externalId)) === undefined ? undefined : reader.lastChangeMs(externalId),
    readSession: allowed,
    async *readMessages(externalId, messageIds) {
      if ((await allowed(externalId)) !== undefined) yield* reader.readMessages(externalId, messageIds);
    },
  };
}
