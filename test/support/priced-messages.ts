import type { Message } from "@opensync/client";
import { push } from "./push.ts";
import type { TestServer } from "./server.ts";

/** A model of the price list, and tokens of every kind. */
export const OPUS = { provider: "anthropic", model: "claude-opus-4-8" };
export const OPUS_TOKENS = {
  ...{ input: 1000, cacheRead: 10_000, cacheWrite: 2000, cacheWrite1h: 500, output: 100, reasoning: 90 },
};
/** 1000 × 5 + 10,000 × 0.5 + 1500 × 6.25 + 500 × 10 + 100 × 25 per million. */
export const OPUS_PRICE = 0.026875;

/** What makes a message a snapshot, or not. */
export const ITEM_KINDS = { snapshot: { hash: 7, updatedAt: 1 }, partial: {} };

/** `[cost, costSource]` of the only message of a session. */
export function costOf(server: TestServer, session: string): unknown[] {
  const [row] = server.query(
    "SELECT m.cost, m.costSource FROM messages m JOIN sessions s ON s.id = m.session WHERE s.externalId = ?",
    session,
  );
  return [row?.["cost"], row?.["costSource"]];
}

let names = 0;

/** A session that no other test has. */
export function newSessionName(): string {
  names += 1;
  return `session-${names}`;
}

/** Pushes a message in a session of its own, with `hash` a snapshot, and returns the session's externalId. */
export async function pushOne(server: TestServer, key: string, fields: Partial<Message>): Promise<string> {
  const session = newSessionName();
  const message = {
    sessionExternalId: session,
    externalId: "m",
    role: "assistant",
    createdAt: 1_790_000_000_000,
    ...fields,
  };
  await push(server, key, { messages: [message] });
  return session;
}
