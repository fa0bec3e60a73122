import * as z from "zod/mini";
import {
  contextMessagesSchema,
  contextTextSchema,
  oldSearchAnswerSchema,
  searchAnswerSchema,
} from "../contract/search.ts";
import { count, type Operation, oneOf } from "./operation.ts";
import { sessionFilterParameters } from "./reading-operations.ts";

/** What finds sessions by their words. */
export const searchOperations: readonly Operation[] = [
  {
    ...{ method: "get", path: "/api/search", id: "search", tag: "search", access: "read" },
    summary: "Sessions in whose titles, messages or tools something is found",
    description: `Words, "phrases", beginnings*, -exclusions, OR, and agent: model: project: device: branch: tag: tool: role: is:error
before: after:. No text is malformed: what is not understood is looked for as words.`,
    parameters: [
      { name: "q", description: "What to look for.", isRequired: true },
      {
        name: "v",
        description: "`2` for where it was found, pages, and how exact the answer is.",
        schema: oneOf("1", "2"),
      },
      { name: "sort", description: "`relevance` when absent.", schema: oneOf("relevance", "newest") },
      { name: "limit", description: "20 when absent.", schema: count(1, 100) },
      { name: "cursor", description: "`nextCursor` of the page before." },
      {
        ...{
          name: "type",
          description: "The last two are answered as `fulltext`; the header `X-OpenSync-Search` says so.",
        },
        schema: oneOf("fulltext", "semantic", "hybrid"),
      },
      ...sessionFilterParameters,
    ],
    success: {
      200: {
        description: "The sessions, each once.",
        json: { name: "SearchAnswer", schema: z.union([searchAnswerSchema, oldSearchAnswerSchema]) },
      },
    },
    errors: { 400: "No query, or a malformed parameter." },
  },
  {
    ...{ method: "get", path: "/api/context", id: "getContext", tag: "search", access: "read" },
    summary: "What was said last in the sessions that a search finds, for the prompt of a model",
    parameters: [
      { name: "q", description: "What to look for.", isRequired: true },
      { name: "limit", description: "Sessions; 5 when absent.", schema: count(1, 20) },
      { name: "format", description: "`text` for one text to read; anything else is a list of messages." },
      ...sessionFilterParameters,
    ],
    success: {
      200: {
        description: "Messages, or a text.",
        json: { name: "ContextAnswer", schema: z.union([contextMessagesSchema, contextTextSchema]) },
      },
    },
    errors: { 400: "No query, or a malformed parameter." },
  },
];
