/** Whatever the host hands over; nothing about it is taken for granted. */
export type OpenCodeEvent = { readonly type?: unknown; readonly properties?: unknown; readonly data?: unknown };

/** Who is told what may have changed. */
export type Touchable = {
  /**
   * @param messageId undefined: only the session itself
   * @param urgency `soon`: something is complete, worth sending at once
   */
  touch(sessionId: string, messageId: string | undefined, urgency: "later" | "soon"): void;
};

type Tell = (properties: unknown, live: Touchable) => void;

const tellSession: Tell = (properties, live) => tell(live, read(properties, "sessionID"), undefined, "later");
const tellMessage: Tell = (properties, live) =>
  tell(live, read(properties, "sessionID"), read(properties, "messageID"), "later");

/** What each event is about. Not here is what changes nothing stored, the frequent streaming deltas among them. */
const TELL: ReadonlyMap<unknown, Tell> = new Map<unknown, Tell>([
  ["message.updated", tellUpdatedMessage],
  ["message.part.updated", tellUpdatedPart],
  ["message.removed", tellMessage],
  ["message.part.removed", tellMessage],
  ["session.created", tellUpdatedSession],
  ["session.updated", tellUpdatedSession],
  ["session.idle", (properties, live) => tell(live, read(properties, "sessionID"), undefined, "soon")],
  ["session.error", tellSession],
  ["session.compacted", tellSession],
  ["todo.updated", tellSession],
]);

/**
 * Tells which session and message an event is about. Everything else in it is ignored: the store says what they are now.
 * Never throws.
 *
 * It runs for every event in the agent's process, so the runtime's optimising compiler gets at it sooner or later, and
 * takes the more memory the more there is to translate at a time: a `switch` with everything in it took 5 MB. Hence one
 * small function for each kind of event, and no object made for the answer.
 * @source events of 1.2-1.18.33 in `properties`; OpenCode 2 calls them `data`
 */
export function tellTouched(event: OpenCodeEvent, live: Touchable): void {
  TELL.get(event.type)?.(event.properties ?? event.data, live);
}

function tellUpdatedMessage(properties: unknown, live: Touchable): void {
  const info = read(properties, "info");
  const isComplete = read(read(info, "time"), "completed") !== undefined;
  const sessionId = read(properties, "sessionID") ?? read(info, "sessionID");
  tell(live, sessionId, read(info, "id"), isComplete ? "soon" : "later");
}

function tellUpdatedPart(properties: unknown, live: Touchable): void {
  const part = read(properties, "part");
  const isComplete = read(part, "type") === "step-finish";
  const sessionId = read(part, "sessionID") ?? read(properties, "sessionID");
  tell(live, sessionId, read(part, "messageID"), isComplete ? "soon" : "later");
}

function tellUpdatedSession(properties: unknown, live: Touchable): void {
  tell(live, read(properties, "sessionID") ?? read(read(properties, "info"), "id"), undefined, "later");
}

/** Not `value[name]`: for that the compiler writes a branch for each of the many shapes that events and parts have. */
function read(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function tell(live: Touchable, sessionId: unknown, messageId: unknown, urgency: "later" | "soon"): void {
  if (typeof sessionId !== "string" || sessionId === "") return;
  live.touch(sessionId, typeof messageId === "string" && messageId !== "" ? messageId : undefined, urgency);
}
