import { SESSION_ITSELF, type SentVersions } from "./sent-items.ts";
import type { Known, SyncResult } from "./sync-session.ts";

/** Most messages that are remembered: about 10 MB in the agent's process. */
const MAX_MESSAGES = 50_000;

/** A session as the server took it from this process. */
type AcknowledgedSession = { version: number; readonly messages: Map<string, Known> };

/** What of a session can be left out of the next upload. */
export type AcknowledgedItems = { readonly known: ReadonlyMap<string, Known>; readonly sent: SentVersions };

/**
 * What this process has seen the server take: sessions that were compared with it once, and each message as it was taken.
 * Bounded: when it is full it starts anew, which costs one comparison a session.
 */
export class Acknowledged {
  readonly #sessions = new Map<string, AcknowledgedSession>();
  #messageCount = 0;

  /** What is known of a session; undefined: it was not compared as a whole yet. */
  of(sessionId: string): AcknowledgedItems | undefined {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return undefined;
    const { messages, version } = session;
    const get = (id: string) => (id === SESSION_ITSELF ? version : messages.get(id)?.version);
    return { known: messages, sent: { get, has: (id) => get(id) !== undefined } };
  }

  add(sessionId: string, { messages, removed, sessionVersion }: SyncResult): void {
    this.#messageCount += messages.size;
    if (this.#messageCount > MAX_MESSAGES) {
      this.#sessions.clear();
      this.#messageCount = messages.size;
    }
    const session = this.#sessions.get(sessionId) ?? { version: 0, messages: new Map<string, Known>() };
    session.version = Math.max(session.version, sessionVersion);
    for (const [messageId, message] of messages) session.messages.set(messageId, message);
    for (const messageId of removed) session.messages.delete(messageId);
    this.#sessions.set(sessionId, session);
  }
}
