import { badRequest } from "../../lib/errors.ts";
import { type Parameters, parseTime } from "../../lib/parameters.ts";

const EVAL_FORMATS = ["deepeval", "openai", "promptfoo", "filesystem"] as const;
type EvalFormat = (typeof EVAL_FORMATS)[number];

/** How a session becomes test cases: one for each answer, one for all of it, one for its end. */
export type TurnMode = "per_turn" | "full" | "final_only";

const STATUSES = ["", "golden", "correct", "incorrect", "needs_review"] as const;

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
  /** Whether the names of people in paths are taken out. */
  readonly isAnonymous: boolean;
  readonly mode: TurnMode;
}

/**
 * The first version's parameters: `format`, `tool` (an agent), `model`, `date_from`, `date_to` (days, both included),
 * `tags` (with commas), `min_tokens`, `status`, `include_metadata`, `anonymize`, `turn_mode`.
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
    status: parameters.oneOf("status", STATUSES, ""),
    from: day(parameters, "date_from"),
    to: to === 0 ? 0 : to + DAY_MS,
    tags: parameters
      .text("tags")
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
    minTokens: parameters.integer("min_tokens", { absent: 0, min: 0, max: Number.MAX_SAFE_INTEGER }),
    withContext: parameters.flag("include_metadata") ?? true,
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
