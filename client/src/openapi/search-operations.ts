import * as z from "zod/mini";
import { count, type Operation, oneOf } from "./operation.ts";

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
    ],
    success: {
      200: {
        description: "The sessions, each once.",
        json: { name: "SearchAnswer", schema: z.looseObject({ results: z.array(z.looseObject({})) }) },
      },
    },
    errors: { 400: "No query, or a malformed parameter." },
  },
];
