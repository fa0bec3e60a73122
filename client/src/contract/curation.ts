import * as z from "zod/mini";
import { MAX_CHOSEN_SESSIONS } from "./limits.ts";
import { countSchema, timeSchema } from "./scalars.ts";

/** What somebody thinks of an agent's work. */
export const evalStatusSchema = z.enum(["golden", "correct", "incorrect", "needs_review"]);
export type EvalStatus = z.infer<typeof evalStatusSchema>;

const text = (maxLength: number) => z.exactOptional(z.nullable(z.string().check(z.maxLength(maxLength))));
const flag = () => z.exactOptional(z.nullable(z.boolean()));
const tagList = () => z.exactOptional(z.nullable(z.array(z.string()).check(z.maxLength(50))));

/**
 * Body of `PATCH /api/sessions/{id}`: what people add to a session. Absent keeps what is there; `null`, `""`, `false`
 * and `[]` clear it. The server writes tags in small letters, without `#`, as one word of at most 50 characters.
 */
export const sessionChangesSchema = z.object({
  /** Shown instead of the agent's title. */
  customTitle: text(500),
  /** Replaces all of them. */
  tags: tagList(),
  addTags: tagList(),
  removeTags: tagList(),
  notes: text(50_000),
  starred: flag(),
  /** Part of exports of evaluations. */
  evalReady: flag(),
  evalStatus: z.exactOptional(z.nullable(z.union([evalStatusSchema, z.literal("")]))),
  evalNotes: text(50_000),
  /** What the agent should have said. */
  expectedOutput: text(200_000),
});
export type SessionChanges = z.infer<typeof sessionChangesSchema>;

/** Answer of `PATCH /api/sessions/{id}`: all that people have added to the session. */
export const curatedSessionSchema = z.object({
  id: z.string(),
  externalId: z.string(),
  customTitle: z.string(),
  tags: z.array(z.string()),
  notes: z.string(),
  starred: z.boolean(),
  evalReady: z.boolean(),
  evalStatus: z.union([evalStatusSchema, z.literal("")]),
  evalNotes: z.string(),
  expectedOutput: z.string(),
  /** When the server last stored something of it: the cursor of dashboards. */
  syncedAt: timeSchema,
});
export type CuratedSession = z.infer<typeof curatedSessionSchema>;

/**
 * Answer of `DELETE /api/sessions/{id}`: how many sessions went into the trash, or for good, sub-agents' sessions
 * included; 0 when they were there already.
 */
export const deleteSessionAnswerSchema = z.object({
  ok: z.literal(true),
  deleted: countSchema,
  purged: countSchema,
  /** Sessions whose content is not gone yet; the server goes on by itself. */
  pending: countSchema,
});
export type DeleteSessionAnswer = z.infer<typeof deleteSessionAnswerSchema>;

/** Answer of `POST /api/sessions/{id}/restore`. */
export const restoreSessionAnswerSchema = z.object({
  ok: z.literal(true),
  restored: countSchema,
  /** `gone`: only the refusal to take the session again was lifted; its content comes with the next full sync. */
  content: z.enum(["restored", "gone"]),
});
export type RestoreSessionAnswer = z.infer<typeof restoreSessionAnswerSchema>;

/**
 * Body of `POST /api/sessions/bulk`: the same for many sessions. Either `ids` (at most `MAX_CHOSEN_SESSIONS`, the
 * server's or the agents'), or `matching`: all that `GET /api/sessions` lists with the parameters of this request's address.
 */
export const bulkSessionsRequestSchema = z.object({
  action: z.enum(["patch", "delete", "restore", "purge"]),
  ids: z.exactOptional(z.array(z.string()).check(z.maxLength(MAX_CHOSEN_SESSIONS))),
  matching: z.exactOptional(z.boolean()),
  /** `next` of the answer before. */
  after: z.exactOptional(z.string()),
  /** With `patch`. */
  changes: z.exactOptional(sessionChangesSchema),
});
export type BulkSessionsRequest = z.infer<typeof bulkSessionsRequestSchema>;

/** Answer of `POST /api/sessions/bulk`. */
export const bulkSessionsAnswerSchema = z.object({
  ok: z.literal(true),
  /** Sessions that were meant and found. */
  chosen: countSchema,
  /** Sessions that became different, those of sub-agents included. */
  changed: countSchema,
  pending: countSchema,
  /** With `matching`: there are more behind this one, for the `after` of another request; null at the end. */
  next: z.nullable(z.string()),
});
export type BulkSessionsAnswer = z.infer<typeof bulkSessionsAnswerSchema>;
