import type { Message } from "@opensync/client";
import type { Source } from "../sources/source.ts";

type StoredMessage = Pick<Message, "externalId" | "textContent" | "updatedAt">;

/** An agent whose store is in memory: what tests of the engine need of one. */
export function createMemoryAgent() {
  const store = new Map<string, { changedAtMs: number; messages: Map<string, StoredMessage> }>();
  /** What was read of it, in order: `session:all`, or `session:message,message`. */
  const reads: string[] = [];
  const source: Source = {
    id: "test-agent",
    name: "Test agent",
    locate: () => ["memory"],
    open: async () => ({
      unreadable: [],
      listSessions: async (since) =>
        [...store]
          .map(([externalId, { changedAtMs }]) => ({ externalId, changedAtMs }))
          .filter((s) => s.changedAtMs > since),
      changeMarks: async () => new Map(),
      lastChangeMs: async (id) => store.get(id)?.changedAtMs,
      readSession: async (id) => {
        const found = store.get(id);
        return found && { externalId: id, source: "test-agent", projectPath: "/p", updatedAt: found.changedAtMs };
      },
      async *readMessages(id, only) {
        reads.push(`${id}:${only === undefined ? "all" : [...only].join(",")}`);
        for (const message of store.get(id)?.messages.values() ?? []) {
          if (only === undefined || only.has(message.externalId)) {
            yield { sessionExternalId: id, role: "user", createdAt: 1, ...message };
          }
        }
      },
      close: () => undefined,
    }),
  };

  function write(sessionId: string, messageId: string, textContent: string, changedAtMs: number) {
    const session = store.get(sessionId) ?? { changedAtMs, messages: new Map() };
    session.changedAtMs = Math.max(session.changedAtMs, changedAtMs);
    session.messages.set(messageId, { externalId: messageId, textContent, updatedAt: changedAtMs });
    store.set(sessionId, session);
  }

  return { source, store, reads, write };
}
