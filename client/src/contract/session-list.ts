import * as z from "zod/mini";
import { roleSchema } from "./message.ts";
import { costSourceSchema } from "./money.ts";
import { partSchema } from "./part.ts";
import { costSchema, countSchema, timeSchema } from "./scalars.ts";
import { todoSchema } from "./session.ts";
import { tokensSchema } from "./tokens.ts";

/** Shared with the sessions and messages that agents push; absent = nobody said. */
const readable = {
  /** The server's own id of the row. */
  id: z.string(),
  /** The agent's. */
  externalId: z.string(),
  model: z.exactOptional(z.string()),
  provider: z.exactOptional(z.string()),
  /** Only where they are known by kind. */
  tokens: z.exactOptional(tokensSchema),
  costSource: z.exactOptional(costSourceSchema),
  durationMs: z.exactOptional(countSchema),
  createdAt: timeSchema,
};

/** A session as lists show it. */
export const listedSessionSchema = z.object({
  ...readable,
  /** Id of the agent. */
  source: z.string(),
  /** The title given on the dashboard, else the agent's. */
  title: z.exactOptional(z.string()),
  customTitle: z.exactOptional(z.string()),
  projectPath: z.exactOptional(z.string()),
  projectName: z.exactOptional(z.string()),
  gitRemote: z.exactOptional(z.string()),
  gitBranch: z.exactOptional(z.string()),
  gitCommit: z.exactOptional(z.string()),
  device: z.exactOptional(z.string()),
  agentVersion: z.exactOptional(z.string()),
  parentExternalId: z.exactOptional(z.string()),
  forkedFrom: z.exactOptional(z.string()),
  promptTokens: countSchema,
  completionTokens: countSchema,
  totalTokens: countSchema,
  /** USD; 0 also where `costSource` does not say that it is known. */
  cost: costSchema,
  /** Messages of unknown cost that `cost` leaves out, where it is the sum of the session's messages. */
  unpricedMessages: z.exactOptional(countSchema),
  isPublic: z.boolean(),
  messageCount: countSchema,
  toolCallCount: countSchema,
  tags: z.exactOptional(z.array(z.string())),
  starred: z.boolean(),
  evalReady: z.boolean(),
  evalStatus: z.exactOptional(z.string()),
  updatedAt: timeSchema,
  /** When the server last stored something of it. */
  syncedAt: timeSchema,
  archivedAt: z.exactOptional(timeSchema),
  deletedAt: z.exactOptional(timeSchema),
  /** When the content of a session in the trash goes. */
  purgeAt: z.exactOptional(timeSchema),
});
export type ListedSession = z.infer<typeof listedSessionSchema>;

/** How far a text (`q`) was searched for that a list or its facets are narrowed by. */
export const textExactnessSchema = z.object({
  /** Whether all that matches was looked at, not only the newest of it. */
  isExact: z.boolean(),
  /** Matching messages and titles that were looked at; absent where only sessions were asked for, as by `agent:codex`. */
  matches: z.exactOptional(countSchema),
  /** All messages newer than this were looked at; absent when all were. */
  searchedBackTo: z.exactOptional(timeSchema),
  /** What of the text was left out because there was too much of it. */
  ignored: z.array(z.string()),
});
export type TextExactness = z.infer<typeof textExactnessSchema>;

/** Answer of `GET /api/sessions`. */
export const sessionPageSchema = z.object({
  sessions: z.array(listedSessionSchema),
  /** Where the next page begins; null after the last one. */
  nextCursor: z.nullable(z.string()),
  /** Sessions that match, on the first page only. */
  total: z.exactOptional(countSchema),
  /** Only where a text was asked for. */
  exactness: z.exactOptional(textExactnessSchema),
});
export type SessionPage = z.infer<typeof sessionPageSchema>;

/** A message as a session's page shows it. */
export const readMessageSchema = z.object({
  ...readable,
  role: roleSchema,
  textContent: z.exactOptional(z.string()),
  agent: z.exactOptional(z.string()),
  promptTokens: z.exactOptional(countSchema),
  completionTokens: z.exactOptional(countSchema),
  /** USD, where it is known. */
  cost: z.exactOptional(costSchema),
  updatedAt: z.exactOptional(timeSchema),
  /** Undone in the agent. */
  removedAt: z.exactOptional(timeSchema),
  error: z.exactOptional(z.looseObject({ name: z.string(), message: z.string() })),
  parts: z.array(partSchema),
});
export type ReadMessage = z.infer<typeof readMessageSchema>;

/** Answer of `GET /api/sessions/get` and `GET /api/sessions/{id}`. */
export const sessionDetailSchema = z.object({
  session: z.extend(listedSessionSchema, {
    /** The agent's own title. */
    agentTitle: z.exactOptional(z.string()),
    todos: z.exactOptional(z.array(todoSchema)),
    notes: z.exactOptional(z.string()),
    evalNotes: z.exactOptional(z.string()),
    expectedOutput: z.exactOptional(z.string()),
  }),
  /** Oldest first. */
  messages: z.array(readMessageSchema),
  /** Where the next page of messages begins; null after the last one. */
  nextCursor: z.nullable(z.string()),
});
export type SessionDetail = z.infer<typeof sessionDetailSchema>;

/** Sessions by the values of one thing, most frequent first. */
export const facetSchema = z.object({
  values: z.array(z.object({ value: z.string(), count: countSchema })),
  /** Number of values that there are. */
  distinct: countSchema,
});
export type Facet = z.infer<typeof facetSchema>;

export const facetNameSchema = z.enum([
  ...(["agent", "model", "project", "device", "branch"] as const),
  ...(["tag", "status", "evalStatus"] as const),
]);
export type FacetName = z.infer<typeof facetNameSchema>;

/** Answer of `GET /api/sessions/facets`. Facets that were not asked for are absent. */
export const facetsSchema = z.object({
  total: countSchema,
  starred: countSchema,
  facets: z.partialRecord(facetNameSchema, facetSchema),
  /** Only where a text was asked for. */
  exactness: z.exactOptional(textExactnessSchema),
});
export type Facets = z.infer<typeof facetsSchema>;
