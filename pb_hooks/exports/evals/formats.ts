import type { EvalSession, Turn } from "./eval-sessions.ts";
import type { EvalOptions } from "./options.ts";
import type { TestCase } from "./test-cases.ts";

/** How test cases are written: a text for each, and what is around and between them. */
export interface EvalWriter {
  readonly contentType: string;
  readonly ending: string;
  readonly head: string;
  readonly separator: string;
  readonly foot: string;
  write(session: EvalSession, testCase: TestCase, options: EvalOptions): string;
}

/** A list of `{input, actual_output, expected_output, context, retrieval_context, metadata}`. */
export const DEEPEVAL: EvalWriter = {
  contentType: "application/json",
  ending: "json",
  head: "[\n",
  separator: ",\n",
  foot: "\n]\n",
  write: (session, { input, output, before, promptTokens, completionTokens, durationMs }, { withContext, mode }) => {
    const isWhole = mode === "full";
    const latency = isWhole ? session.durationMs : durationMs;
    return JSON.stringify({
      input,
      actual_output: output,
      expected_output: session.expectedOutput || null,
      context: withContext ? before.map(({ whole, said }) => whole || said).filter((text) => text !== "") : [],
      retrieval_context: null,
      metadata: {
        session_id: session.externalId,
        model: session.model || "unknown",
        tool: session.source || "opencode",
        timestamp: new Date(session.createdAt).toISOString(),
        tokens_input: isWhole ? session.promptTokens : promptTokens,
        tokens_output: isWhole ? session.completionTokens : completionTokens,
        ...(latency > 0 ? { latency_ms: latency } : {}),
        ...(session.project === "" ? {} : { project: session.project }),
        tags: tagsOf(session),
        ...(session.evalStatus === "" ? {} : { eval_status: session.evalStatus }),
      },
    });
  },
};

/** Roles that the format knows; what tools said is no message of it. */
const CHAT_ROLES = ["system", "user", "assistant"];

/** A line `{input: [{role, content}], ideal, metadata}` for each case. */
export const OPENAI: EvalWriter = {
  contentType: "application/x-ndjson",
  ending: "jsonl",
  head: "",
  separator: "",
  foot: "",
  write: (session, { input, output, before }) => {
    const isMessage = ({ role, said }: Turn) => CHAT_ROLES.includes(role) && said !== "";
    const messages = before.filter(isMessage).map(({ role, said }) => ({ role, content: said }));
    const line = {
      input: [...messages, { role: "user", content: input }],
      ideal: session.expectedOutput || output,
      metadata: {
        session_id: session.externalId,
        model: session.model || "unknown",
        source: session.source || "opencode",
      },
    };
    return `${JSON.stringify(line)}\n`;
  },
};

/** A line `{vars: {input, language?, task_type}, assert?}` for each case. */
export const PROMPTFOO: EvalWriter = {
  contentType: "application/x-ndjson",
  ending: "jsonl",
  head: "",
  separator: "",
  foot: "",
  write: (session, { input, output }) => {
    const language = /```([A-Za-z0-9+#-]{1,20})\n/.exec(output)?.[1] ?? /```([A-Za-z0-9+#-]{1,20})\n/.exec(input)?.[1];
    const rubric = rubricOf(session);
    const line = {
      vars: { input, ...(language === undefined ? {} : { language }), task_type: taskType(input) },
      ...(rubric === undefined ? {} : { assert: [{ type: "llm-rubric", value: rubric }] }),
    };
    return `${JSON.stringify(line)}\n`;
  },
};

function rubricOf({ expectedOutput, evalStatus }: EvalSession): string | undefined {
  if (expectedOutput !== "") return `Response should match: ${expectedOutput}`;
  return ["golden", "correct"].includes(evalStatus) ? "Response should be helpful and accurate" : undefined;
}

/** In this order: what is asked for, told by a word of it. */
const TASKS: readonly (readonly [name: string, words: RegExp])[] = [
  ["bug_fix", /\b(?:fix|bug|error|broken|crash|fails?|failing)\b/i],
  ["code_generation", /\b(?:write|create|implement|add|build|generate)\b/i],
  ["explanation", /\b(?:explain|why|how|what|describe)\b/i],
  ["refactoring", /\b(?:refactor|clean ?up|simplify|rename|restructure)\b/i],
];

function taskType(input: string): string {
  return TASKS.find(([, words]) => words.test(input))?.[0] ?? "general";
}

function tagsOf({ tags }: EvalSession): string[] {
  return tags === "" ? [] : tags.split("\n");
}
