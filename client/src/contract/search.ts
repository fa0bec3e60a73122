import * as z from "zod/mini";
import { roleSchema } from "./message.ts";
import { costSchema, countSchema, timeSchema } from "./scalars.ts";
import { listedSessionSchema } from "./session-list.ts";

/** Where something was found. Titles are of the session, the others of one of its messages. */
export const searchPlaceSchema = z.enum(["title", "text", "thinking", "toolInput", "toolOutput"]);
export type SearchPlace = z.infer<typeof searchPlaceSchema>;

/** The best match of a session, for showing. */
export const searchHitSchema = z.object({
  place: searchPlaceSchema,
  /** A piece of the text; `…` where it was cut. */
  snippet: z.string(),
  /** The [start, end) of the matches in the snippet, in UTF-16 units. Empty where the match is written in another way. */
  marks: z.array(z.tuple([countSchema, countSchema])),
  /** The server's id of the message; absent for a title, as are the next three. */
  messageId: z.exactOptional(z.string()),
  /** The agent's. */
  externalId: z.exactOptional(z.string()),
  role: z.exactOptional(roleSchema),
  createdAt: z.exactOptional(timeSchema),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

/** Answer of `GET /api/search?v=2`: each session once. */
export const searchAnswerSchema = z.object({
  results: z.array(
    z.object({
      session: listedSessionSchema,
      /** Matching messages, as far as was looked. */
      matches: countSchema,
      /** Absent when nothing was asked that has a place, such as `agent:codex`. */
      hit: z.exactOptional(searchHitSchema),
    }),
  ),
  /** Where the next page begins; null after the last one. A page may be empty and not be the last one. */
  nextCursor: z.nullable(z.string()),
  exactness: z.object({
    /** Whether the order is the true one. By relevance: whether all matches were compared, not only the newest ones. */
    isExact: z.boolean(),
    /** By relevance: how many matches were compared. */
    ranked: z.exactOptional(countSchema),
    /** All messages newer than this were looked at; absent when all were, and when titles alone fill the page. */
    searchedBackTo: z.exactOptional(timeSchema),
    /** What of the query was left out because there was too much of it. */
    ignored: z.array(z.string()),
  }),
});
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;

/** Answer of `GET /api/search`, in the shape of the first version. */
export const oldSearchAnswerSchema = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      externalId: z.string(),
      source: z.string(),
      title: z.exactOptional(z.string()),
      projectPath: z.exactOptional(z.string()),
      model: z.exactOptional(z.string()),
      totalTokens: countSchema,
      cost: costSchema,
      messageCount: countSchema,
      createdAt: timeSchema,
    }),
  ),
});
export type OldSearchAnswer = z.infer<typeof oldSearchAnswerSchema>;

/** Answer of `GET /api/context`: what was said last in the sessions that a search has found. */
export const contextMessagesSchema = z.object({
  messages: z.array(
    z.object({
      role: roleSchema,
      content: z.string(),
      metadata: z.object({ sessionId: z.string(), sessionTitle: z.exactOptional(z.string()) }),
    }),
  ),
  sessionCount: countSchema,
});
export type ContextMessages = z.infer<typeof contextMessagesSchema>;

/** Answer of `GET /api/context?format=text`: the same to read. */
export const contextTextSchema = z.object({ text: z.string(), sessionCount: countSchema });
export type ContextText = z.infer<typeof contextTextSchema>;
