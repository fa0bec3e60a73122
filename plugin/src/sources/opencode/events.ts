import { dataOf, textOf } from "./json.ts";

/** What an event of OpenCode says may have changed. */
export type Touched = {
  readonly sessionId: string;
  readonly messageId?: string;
  /** Something is complete: worth sending at once. */
  readonly isComplete: boolean;
};

/** Whatever the host hands over; nothing about it is taken for granted. */
export type OpenCodeEvent = { readonly type?: unknown; readonly properties?: unknown; readonly data?: unknown };

/**
 * Which session and message an event is about. Everything else in it is ignored: the store says what they are now.
 * @returns undefined for events that change nothing stored, the frequent streaming deltas among them. Never throws.
 * @source events of 1.2-1.18.33 in `properties`; OpenCode 2 calls them `data`
 */
export function touchedBy(event: OpenCodeEvent): Touched | undefined {
  const properties = dataOf(event.properties ?? event.data);
  switch (event.type) {
    case "message.updated":
      return fromMessage(properties);
    case "message.part.updated":
      return fromPart(properties);
    case "message.removed":
    case "message.part.removed":
      return touched(properties["sessionID"], properties["messageID"], false);
    case "session.created":
    case "session.updated":
      return touched(properties["sessionID"] ?? dataOf(properties["info"])["id"], undefined, false);
    case "session.idle":
      return touched(properties["sessionID"], undefined, true);
    case "session.error":
    case "session.compacted":
    case "todo.updated":
      return touched(properties["sessionID"], undefined, false);
    default:
      return undefined;
  }
}

function fromMessage(properties: Record<string, unknown>): Touched | undefined {
  const info = dataOf(properties["info"]);
  const isComplete = dataOf(info["time"])["completed"] !== undefined;
  return touched(properties["sessionID"] ?? info["sessionID"], info["id"], isComplete);
}

function fromPart(properties: Record<string, unknown>): Touched | undefined {
  const part = dataOf(properties["part"]);
  return touched(part["sessionID"] ?? properties["sessionID"], part["messageID"], part["type"] === "step-finish");
}

function touched(sessionId: unknown, messageId: unknown, isComplete: boolean): Touched | undefined {
  const session = textOf(sessionId);
  const message = textOf(messageId);
  if (session === undefined) return undefined;
  return message === undefined
    ? { sessionId: session, isComplete }
    : { sessionId: session, messageId: message, isComplete };
}
