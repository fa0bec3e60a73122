import type { Message, Session } from "@opensync/client";
import type { Outgoing } from "./outgoing.ts";
import type { Push, Rejected } from "./push.ts";
import { SESSION_ITSELF, type SentItems } from "./sent-items.ts";

/** Messages held in memory before they are sent. */
const GROUP_SIZE = 200;

/** Characters of content held before they are sent: a single message can be some MiB. */
const GROUP_CHARS = 512 * 1024;

/** Characters that the sessions under way at once hold together: many long ones would fill many groups. */
const ALL_GROUPS_CHARS = 2 * GROUP_CHARS;

/** How much the outboxes of one run hold together. */
export class HeldContent {
  chars = 0;
}

/** What an outbox works with. */
export type OutboxTools = {
  readonly push: Push;
  /** What this machine sent before. */
  readonly sent: SentItems;
  readonly held: HeldContent;
};

/** Collects the messages of one session and sends them in groups; the session goes with the first. */
export class Outbox {
  readonly rejected: Rejected[] = [];
  /** Messages that the server took. */
  sent = 0;
  readonly #session: Outgoing<Session>;
  readonly #items: SentItems;
  readonly #push: Push;
  readonly #held: HeldContent;
  #isSessionSent = false;
  #messages: Outgoing<Message>[] = [];
  #chars = 0;

  constructor(session: Outgoing<Session>, { push, sent, held }: OutboxTools) {
    this.#session = session;
    this.#items = sent;
    this.#push = push;
    this.#held = held;
  }

  /** @returns whether a group was full and has been sent */
  async add(message: Outgoing<Message>): Promise<boolean> {
    const chars = charsIn(message);
    this.#messages.push(message);
    this.#chars += chars;
    this.#held.chars += chars;
    const isFull = this.#messages.length >= GROUP_SIZE || this.#chars >= GROUP_CHARS;
    if (!isFull && this.#held.chars < ALL_GROUPS_CHARS) return false;
    await this.send();
    return true;
  }

  /** Sends what is collected, and the session if it was not sent. */
  async send(): Promise<void> {
    const sessions = this.#isSessionSent ? [] : [this.#session];
    const messages = this.#messages;
    if (sessions.length === 0 && messages.length === 0) return;
    const versions = new Map(messages.map(({ externalId, updatedAt = 0 }) => [externalId, updatedAt]));
    for (const { updatedAt = 0 } of sessions) versions.set(SESSION_ITSELF, updatedAt);
    try {
      await this.#items.append(this.#session.externalId, versions);
      const result = await this.#push(sessions, messages);
      this.sent += result.messages;
      this.rejected.push(...result.rejected);
    } finally {
      this.#held.chars -= this.#chars;
    }
    this.#isSessionSent = true;
    this.#messages = [];
    this.#chars = 0;
  }
}

/** Characters of all texts in a value: cheaper than its JSON, which is made when it is sent. */
function charsIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  let chars = 0;
  for (const member of Object.values(value)) chars += charsIn(member);
  return chars;
}
