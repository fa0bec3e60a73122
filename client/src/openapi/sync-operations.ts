import {
  batchAnswerSchema,
  batchRequestSchema,
  pushMessageAnswerSchema,
  pushSessionAnswerSchema,
} from "../contract/batch.ts";
import { messageSchema } from "../contract/message.ts";
import { sessionSchema } from "../contract/session.ts";
import { sessionMessagesSchema } from "../contract/session-messages.ts";
import { sessionsListSchema } from "../contract/sessions-list.ts";
import { count, type Operation, oneOf } from "./operation.ts";

const BODY_ERRORS = {
  400: "The body is malformed; the text names the field.",
  413: "More than 8 MiB.",
  415: "Compressed.",
};
const DELETED = { 410: "The session was deleted on the dashboard." };

/** What agents' machines use. */
export const syncOperations: readonly Operation[] = [
  {
    ...{ method: "post", path: "/sync/batch", id: "pushBatch", tag: "sync", access: "sync" },
    summary: "Stores sessions and messages",
    description:
      "All in one transaction. What is invalid, or belongs to a deleted session, is named in `errors`; the rest is stored.",
    body: { name: "BatchRequest", schema: batchRequestSchema },
    success: { 200: { description: "Committed.", json: { name: "BatchAnswer", schema: batchAnswerSchema } } },
    errors: BODY_ERRORS,
  },
  {
    ...{ method: "post", path: "/sync/session", id: "pushSession", tag: "sync", access: "sync" },
    summary: "Stores one session",
    body: { name: "Session", schema: sessionSchema },
    success: {
      200: { description: "Committed.", json: { name: "PushSessionAnswer", schema: pushSessionAnswerSchema } },
    },
    errors: { ...BODY_ERRORS, ...DELETED },
  },
  {
    ...{ method: "post", path: "/sync/message", id: "pushMessage", tag: "sync", access: "sync" },
    summary: "Stores one message",
    body: { name: "Message", schema: messageSchema },
    success: {
      200: { description: "Committed.", json: { name: "PushMessageAnswer", schema: pushMessageAnswerSchema } },
    },
    errors: { ...BODY_ERRORS, ...DELETED },
  },
  {
    ...{ method: "get", path: "/sync/sessions/list", id: "listSyncedSessions", tag: "sync", access: "sync" },
    summary: "Which sessions the server has, with digests on request",
    parameters: [
      { name: "digests", description: "Also what the server has of each session.", schema: oneOf("1") },
      { name: "source", description: "Only sessions of this agent." },
      { name: "after", description: "Only externalIds that sort after this one." },
      { name: "limit", description: "At most so many; all when absent.", schema: count(1, 999_999_999) },
    ],
    success: {
      200: { description: "Ordered by externalId.", json: { name: "SessionsList", schema: sessionsListSchema } },
    },
    errors: { 400: "A malformed limit." },
  },
  {
    ...{ method: "get", path: "/sync/sessions/messages", id: "listSyncedMessages", tag: "sync", access: "sync" },
    summary: "Which messages of a session the server has, without content",
    parameters: [
      { name: "id", description: "The agent's id of the session.", isRequired: true },
      { name: "removed", description: "1 adds the messages removed in the agent's store, and the session itself." },
    ],
    success: {
      200: {
        description: "Hash and version of each.",
        json: { name: "SessionMessages", schema: sessionMessagesSchema },
      },
    },
    errors: { 400: "No id." },
  },
];
