import type { Message, Session } from "@opensync/client";
import type { Outgoing } from "./outgoing.ts";
import type { Push, PushResult } from "./push.ts";

/** A push that waits for its request. */
type Waiting = {
  readonly sessions: readonly Outgoing<Session>[];
  readonly messages: readonly Outgoing<Message>[];
  readonly resolve: (result: PushResult) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Makes few requests out of many small pushes: what comes while others are under way goes together as soon as one is
 * done. A request costs the server a transaction, whether it holds one short session or twenty.
 * @param maxRequests most that are under way at once, at least 1
 * @returns a push whose calls get their own part of the answer; one failed request fails all that were in it
 */
export function combinePushes(push: Push, maxRequests: number): Push {
  let waiting: Waiting[] = [];
  let running = 0;
  const sendWaiting = async () => {
    if (running >= maxRequests || waiting.length === 0) return;
    const group = waiting;
    waiting = [];
    running++;
    try {
      const sessions = group.flatMap((one) => one.sessions);
      const messages = group.flatMap((one) => one.messages);
      const result = await push(sessions, messages);
      for (const one of group) one.resolve(partOf(result, one));
    } catch (error) {
      for (const one of group) one.reject(error);
    } finally {
      running--;
      void sendWaiting();
    }
  };
  return (sessions, messages) =>
    new Promise((resolve, reject) => {
      waiting.push({ sessions, messages, resolve, reject });
      // Not at once: others that are ready in this turn come along.
      setImmediate(() => void sendWaiting());
    });
}

/** What of an answer is about the items of one push. */
function partOf({ rejected }: PushResult, { sessions, messages }: Waiting): PushResult {
  const ids = new Set([
    ...sessions.map(({ externalId }) => externalId),
    ...messages.map(({ sessionExternalId }) => sessionExternalId),
  ]);
  const own = rejected.filter(({ sessionId }) => sessionId === undefined || ids.has(sessionId));
  const lost = own.filter(({ isMessage }) => isMessage).length;
  return { messages: messages.length - lost, rejected: own };
}
