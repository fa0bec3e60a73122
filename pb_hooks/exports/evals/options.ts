import { badRequest } from "../../lib/errors.ts";
import { type Parameters, parseTime } from "../../lib/parameters.ts";

const EVAL_FORMATS = ["deepeval", "openai", "promptfoo", "filesystem"] as const;
type EvalFormat = (typeof EVAL_FORMATS)[number];

/** How a session becomes test cases: one for each answer, one for all of it, one for its end. */
type TurnMode = "per_turn" | "full" | "final_only";

const STATUSES = ["golden", "correct", "incorrect", "needs_review"] as const;

/** UTF-16 units that a question or an answer may be asked to have. */
const MAX_LENGTH = 100_000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Which sessions, and how. "" and 0 are any. */
export interface EvalOptions {
  readonly format: EvalFormat;
  readonly source: string;
  readonly model: string;
  readonly status: string;
  /** Epoch milliseconds. */
  readonly from: number;
  /** Epoch milliseconds, not included. */
  readonly to: number;
  /** Any of them. */
  readonly tags: readonly string[];
  readonly minTokens: number;
  /** Whether what came before an answer goes with it, tools included. */
  readonly withContext: boolean;
  /** Whether the agent's own instructions are part of it. */
  readonly withSystem: boolean;
  /** Only cases whose answer has a block of code. */
  readonly onlyCode: boolean;
  /** UTF-16 units that question and answer have at least. */
  readonly minLength: number;
  /** Whether the names of people in paths are taken out. */
  readonly isAnonymous: boolean;
  readonly mode: TurnMode;
}

/**
 * The first version's parameters, and the options of its dashboard: `format`, `tool` (an agent), `model`, `date_from`, `date_to` (days, both included),
 * `tags` (with commas), `min_tokens`, `status`, `include_metadata`, `anonymize`, `turn_mode`;
 * `include_system_prompts`, `code_blocks_only`, `min_message_length`.
 * @throws HttpError 400
 */
export function readEvalOptions(parameters: Parameters): EvalOptions {
  const format = parameters.text("format") || "deepeval";
  const known = EVAL_FORMATS.find((each) => each === format);
  if (!known) throw badRequest(`Invalid format. Use: ${EVAL_FORMATS.join(", ")}`);
  const tool = parameters.text("tool");
  const to = day(parameters, "date_to");
  return {
    format: known,
    source: tool === "cursor-sync" ? "cursor" : tool,
    model: parameters.text("model"),
    status: parameters.words("status", STATUSES)[0] ?? "",
    from: day(parameters, "date_from"),
    to: to === 0 ? 0 : to + DAY_MS,
    tags: parameters
      .text("tags")
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
    minTokens: parameters.integer("min_tokens", { absent: 0, min: 0, max: Number.MAX_SAFE_INTEGER }),
    withContext: parameters.flag("include_metadata") ?? true,
    withSystem: parameters.flag("include_system_prompts") ?? false,
    onlyCode: parameters.flag("code_blocks_only") ?? false,
    minLength: parameters.integer("min_message_length", { absent: 0, min: 0, max: MAX_LENGTH }),
    isAnonymous: parameters.flag("anonymize") ?? true,
    mode: parameters.oneOf("turn_mode", ["per_turn", "full", "final_only"], "per_turn"),
  };
}

function day(parameters: Parameters, name: string): number {
  const text = parameters.text(name);
  if (text === "") return 0;
  const timeMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseTime(text) : undefined;
  if (timeMs === undefined) throw badRequest(`${name}: expected a day such as 2026-01-31, got ${text.slice(0, 40)}`);
  return timeMs;
}
