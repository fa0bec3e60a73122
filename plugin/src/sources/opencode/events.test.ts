import { expect, test } from "vitest";
import { readFixtureEvents } from "../../testing/opencode-fixture.ts";
import { type OpenCodeEvent, tellTouched } from "./events.ts";

const IGNORED = [
  "command.executed",
  "file.edited",
  "file.watcher.updated",
  "message.part.delta",
  "permission.asked",
  "permission.replied",
  "question.asked",
  "question.replied",
  "session.deleted",
  "session.diff",
  "session.status.busy",
  "session.status.idle",
  "session.status.retry",
  "vcs.branch.updated",
];
const COMPLETE = [
  "message.part.updated.step-finish",
  "message.updated.assistant.completed",
  "message.updated.assistant.completed.summary",
  "message.updated.assistant.error.APIError",
  "message.updated.assistant.error.MessageAbortedError",
  "message.updated.assistant.error.StructuredOutputError",
  "session.idle",
];

type Touched = { readonly sessionId: string; readonly messageId: string | undefined; readonly urgency: string };

/** What an event tells: at most one thing. */
function touchedBy(event: OpenCodeEvent): Touched | undefined {
  const told: Touched[] = [];
  tellTouched(event, { touch: (sessionId, messageId, urgency) => told.push({ sessionId, messageId, urgency }) });
  expect(told.length).toBeLessThanOrEqual(1);
  return told[0];
}

test.each(readFixtureEvents())("$name marks what it changed and nothing else", ({ name, type, properties }) => {
  const touched = touchedBy({ type, properties });
  if (IGNORED.includes(name)) return expect(touched).toBeUndefined();
  expect(touched?.sessionId).toMatch(/^ses_/);
  expect(touched?.messageId ?? "").toMatch(type.startsWith("message.") ? /^msg_/ : /^$/);
  expect(touched?.urgency).toBe(COMPLETE.includes(name) ? "soon" : "later");
});

test.each([
  { name: "nothing", event: {} },
  { name: "no properties", event: { type: "message.updated" } },
  { name: "properties of another kind", event: { type: "session.idle", properties: [null] } },
  { name: "an id that is no text", event: { type: "session.idle", properties: { sessionID: 7 } } },
])("an event of another shape is ignored: $name", ({ event }) => {
  expect(touchedBy(event)).toBeUndefined();
});
