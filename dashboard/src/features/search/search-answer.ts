import { listedSessionSchema } from "@opensync/client";
import * as z from "zod/mini";

const hitSchema = z.object({
  place: z.enum(["title", "text", "toolInput", "toolOutput", "thinking"]),
  snippet: z.string(),
  /** [start, end) of each match in the snippet, UTF-16 units. */
  marks: z.array(z.tuple([z.number(), z.number()])),
  /** Absent when it was the title that matched. */
  messageId: z.exactOptional(z.string()),
  role: z.exactOptional(z.string()),
  createdAt: z.exactOptional(z.number()),
});
export type SearchHit = z.infer<typeof hitSchema>;

const resultSchema = z.object({
  session: listedSessionSchema,
  /** Matching messages of the session that were seen. */
  matches: z.number(),
  hit: z.exactOptional(hitSchema),
});
export type SearchResult = z.infer<typeof resultSchema>;

/** How far an answer can be relied on. */
const exactnessSchema = z.object({
  /** Whether everything that could come before was looked at. */
  isExact: z.boolean(),
  /** By relevance: matching messages that were compared, the newest ones. */
  ranked: z.exactOptional(z.number()),
  /** Everything newer than this was looked at, epoch ms; absent = everything. */
  searchedBackTo: z.exactOptional(z.number()),
  /** Words left out because there were too many. */
  ignored: z.array(z.string()),
});
export type Exactness = z.infer<typeof exactnessSchema>;

/** Answer of `GET /api/search?v=2`. */
export const searchAnswerSchema = z.object({
  results: z.array(resultSchema),
  nextCursor: z.nullable(z.string()),
  exactness: exactnessSchema,
});
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
