/** Most message hashes that are remembered: about 10 MB in the agent's process. */
const MAX_HASHES = 50_000;

/**
 * What this process has seen the server take: sessions that were compared with it once, and the hash of each message.
 * Bounded: when it is full it starts anew, which costs one comparison a session.
 */
export class Acknowledged {
  readonly #sessions = new Map<string, Map<string, number>>();
  #hashCount = 0;

  /** Whether the session was compared as a whole. */
  has(sessionId: string): boolean {
    return this.#sessions.has(sessionId);
  }

  isKnown(sessionId: string, messageId: string, hash: number): boolean {
    return this.#sessions.get(sessionId)?.get(messageId) === hash;
  }

  add(sessionId: string, hashes: ReadonlyMap<string, number>): void {
    this.#hashCount += hashes.size;
    if (this.#hashCount > MAX_HASHES) {
      this.#sessions.clear();
      this.#hashCount = hashes.size;
    }
    const known = this.#sessions.get(sessionId) ?? new Map<string, number>();
    for (const [messageId, hash] of hashes) known.set(messageId, hash);
    this.#sessions.set(sessionId, known);
  }
}
