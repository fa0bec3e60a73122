/** What may have changed in one session: some messages, or anything. */
export type DirtyMessages = ReadonlySet<string> | "all";

/** Sessions that may have changed, with the messages that may have. */
export type DirtySessions = ReadonlyMap<string, DirtyMessages>;

/** Most sessions that are remembered. A person has a handful at work; the rest is found again by catching up. */
const MAX_SESSIONS = 256;

/** Most messages of one session that are remembered one by one; above it, the session is compared as a whole. */
const MAX_MESSAGES = 512;

/**
 * Remembers what changed since the last time somebody took it. Adding costs a set insertion and never waits. Bounded:
 * what does not fit makes `overflowed` true, and catching up finds it in the store.
 */
export class DirtySet {
  #sessions = new Map<string, Set<string> | "all">();
  #overflowed = false;

  get isEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  /** Whether something was too much to remember since the last `take`. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /**
   * @param messageId the message that changed; absent: only the session itself did
   */
  add(sessionId: string, messageId?: string): void {
    const messages = this.#sessions.get(sessionId) ?? this.#open(sessionId);
    if (messages === undefined || messages === "all" || messageId === undefined) return;
    messages.add(messageId);
    if (messages.size > MAX_MESSAGES) this.#sessions.set(sessionId, "all");
  }

  /** Marks the session and all of its messages. */
  addAll(sessionId: string): void {
    if (this.#open(sessionId) !== undefined || this.#sessions.has(sessionId)) this.#sessions.set(sessionId, "all");
  }

  /** Puts back what could not be sent. */
  putBack(sessions: DirtySessions): void {
    for (const [sessionId, messages] of sessions) {
      if (messages === "all") this.addAll(sessionId);
      else {
        this.add(sessionId);
        for (const messageId of messages) this.add(sessionId, messageId);
      }
    }
  }

  /** Everything remembered so far; afterwards the set is empty. */
  take(): DirtySessions {
    const taken = this.#sessions;
    this.#sessions = new Map();
    this.#overflowed = false;
    return taken;
  }

  #open(sessionId: string): Set<string> | undefined {
    if (this.#sessions.size >= MAX_SESSIONS && !this.#sessions.has(sessionId)) {
      this.#overflowed = true;
      return undefined;
    }
    const messages = new Set<string>();
    if (!this.#sessions.has(sessionId)) this.#sessions.set(sessionId, messages);
    return messages;
  }
}
