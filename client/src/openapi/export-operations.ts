import { importAnswerSchema } from "../contract/archive.ts";
import { count, type Operation, oneOf, yesOrNo } from "./operation.ts";
import { sessionFilterParameters, textParameter } from "./reading-operations.ts";

const FILES = ["application/json", "text/markdown", "text/html", "application/x-ndjson", "text/plain"];

/** What leaves the server as a file, and what comes back. */
export const exportOperations: readonly Operation[] = [
  {
    ...{ method: "get", path: "/api/export", id: "exportSession", tag: "exports", access: "read" },
    summary: "One session as a file",
    parameters: [
      { name: "id", description: "The server's own id, or the agent's.", isRequired: true },
      {
        name: "format",
        description: "`json` when absent.",
        schema: oneOf("json", "markdown", "html", "jsonl", "text"),
      },
    ],
    success: { 200: { description: "The file.", files: FILES } },
    errors: { 400: "No id, or an unknown format.", 404: "No such session, or somebody else's." },
  },
  {
    ...{ method: "get", path: "/api/export/csv", id: "exportCsv", tag: "exports", access: "read" },
    summary: "All sessions under a filter as a table",
    parameters: [...sessionFilterParameters, textParameter],
    success: { 200: { description: "The file.", files: ["text/csv"] } },
    errors: { 400: "A malformed parameter; the text names it and what was expected." },
  },
  {
    ...{ method: "get", path: "/api/export/evals", id: "exportEvals", tag: "exports", access: "read" },
    summary: "Sessions that are marked for evaluations, as test cases",
    description: "`X-Export-Sessions` and `X-Export-TestCases` say how many there are.",
    parameters: [
      {
        ...{ name: "format", description: "`deepeval` when absent; `filesystem` is a zip of texts." },
        schema: oneOf("deepeval", "openai", "promptfoo", "filesystem"),
      },
      { name: "tool", description: "Id of the agent." },
      { name: "model", description: "Model." },
      {
        ...{ name: "status", description: "Only sessions of this status." },
        schema: oneOf("golden", "correct", "incorrect", "needs_review"),
      },
      { name: "date_from", description: "A day such as 2026-01-31, included." },
      { name: "date_to", description: "The same, for the last day." },
      { name: "tags", description: "Any of these, with commas." },
      { name: "min_tokens", description: "Input and output.", schema: count(0, Number.MAX_SAFE_INTEGER) },
      { name: "include_metadata", description: "What was said before. Yes when absent.", schema: yesOrNo },
      {
        ...{ name: "include_system_prompts", description: "The agents' instructions too. No when absent." },
        schema: yesOrNo,
      },
      { name: "code_blocks_only", description: "Only answers with a block of code. No when absent.", schema: yesOrNo },
      {
        ...{ name: "min_message_length", description: "Characters that question and answer have at least." },
        schema: count(0, 100_000),
      },
      { name: "anonymize", description: "Names of people out of paths. Yes when absent.", schema: yesOrNo },
      {
        ...{ name: "turn_mode", description: "`per_turn` when absent." },
        schema: oneOf("per_turn", "full", "final_only"),
      },
    ],
    success: {
      200: { description: "The file.", files: ["application/json", "application/x-ndjson", "application/zip"] },
    },
    errors: { 400: "A malformed parameter.", 404: "No session is marked, or none of those fits." },
  },
  {
    ...{ method: "get", path: "/api/archive", id: "exportAccount", tag: "exports", access: "read" },
    summary: "All sessions and messages of the account as one file of JSON lines",
    parameters: [{ name: "after", description: "Goes on behind this externalId, where another archive broke off." }],
    success: { 200: { description: "A header, pieces with digests, an end.", files: ["application/x-ndjson"] } },
    errors: { 400: "A malformed parameter." },
  },
  {
    ...{ method: "post", path: "/api/archive", id: "importArchive", tag: "exports", access: "read" },
    summary: "Takes whole pieces of an archive into the account",
    body: "application/x-ndjson",
    success: { 200: { description: "Committed.", json: { name: "ImportAnswer", schema: importAnswerSchema } } },
    errors: {
      400: "A piece that is damaged or cut off; nothing of it is stored.",
      413: "More than 9 MiB.",
      415: "Compressed.",
    },
  },
];
