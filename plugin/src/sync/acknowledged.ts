import type { Known } from "./sync-session.ts";

/** Most messages that are remembered: about 10 MB in the agent's process. */
const MAX_MESSAGES = 50_000;

/**
 * What this process has seen the server take: sessions that were compared with it once, and each message as it was taken.
 * Bounded: when it is full it starts anew, which costs one comparison a session.
 */
export class Acknowledged {
  readonly #sessions = new Map<string, Map<string, Known>>();
  #messageCount = 0;

  /** Whether the session was compared as a whole. */
  has(sessionId: string): boolean {
    return this.#sessions.has(sessionId);
  }

  /** The message as the server took it from this process; undefined: it did not yet. */
  known(sessionId: string, messageId: string): Known | undefined {
    return this.#sessions.get(sessionId)?.get(messageId);
  }

  add(sessionId: string, messages: ReadonlyMap<string, Known>): void {
    this.#messageCount += messages.size;
    if (this.#messageCount > MAX_MESSAGES) {
      this.#sessions.clear();
      this.#messageCount = messages.size;
    }
    const known = this.#sessions.get(sessionId) ?? new Map<string, Known>();
    for (const [messageId, message] of messages) known.set(messageId, message);
    this.#sessions.set(sessionId, known);
  }
}
