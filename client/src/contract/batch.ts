import * as z from "zod/mini";
import { MAX_BATCH_ITEMS } from "./limits.ts";
import { messageSchema } from "./message.ts";
import { nullIsAbsent } from "./null-is-absent.ts";
import { countSchema } from "./scalars.ts";
import { sessionSchema } from "./session.ts";

// A bundler cannot know that `.check` does nothing else, and would keep the schemas of both kinds for it.
/** Body of `POST /sync/batch`. Sessions apply before messages, each list in its order, all in one transaction. */
export const batchRequestSchema = nullIsAbsent(
  z.object({
    sessions: z.exactOptional(/* @__PURE__ */ z.array(sessionSchema).check(z.maxLength(MAX_BATCH_ITEMS))),
    messages: z.exactOptional(/* @__PURE__ */ z.array(messageSchema).check(z.maxLength(MAX_BATCH_ITEMS))),
  }),
);
export type BatchRequest = z.infer<typeof batchRequestSchema>;

/** Answer of `POST /sync/batch`. Ok means committed. */
export const batchAnswerSchema = z.object({
  ok: z.literal(true),
  /** Valid sessions of the request: stored as sent, whether new, changed or already the same. */
  sessions: countSchema,
  /** Valid messages of the request, counted likewise. */
  messages: countSchema,
  /** One text for each item that was not stored: `messages[3] m1: role: expected …`. Empty when all were. */
  errors: z.array(z.string()),
  /** Distinct rows that became different. A v1 server does not say. */
  changed: z.exactOptional(z.object({ sessions: countSchema, messages: countSchema })),
});
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;

/** Answer of `POST /sync/session`; `sessionId` is the server's own id of the row. */
export const pushSessionAnswerSchema = z.object({ ok: z.literal(true), sessionId: z.string() });
export type PushSessionAnswer = z.infer<typeof pushSessionAnswerSchema>;

/** Answer of `POST /sync/message`; `messageId` is the server's own id of the row. */
export const pushMessageAnswerSchema = z.object({ ok: z.literal(true), messageId: z.string() });
export type PushMessageAnswer = z.infer<typeof pushMessageAnswerSchema>;
