import type { Turn } from "./eval-sessions.ts";
import type { EvalOptions } from "./options.ts";

/** A question and its answer. */
export interface TestCase {
  readonly input: string;
  readonly output: string;
  /** The turns before the question; [] where the case is the whole session. */
  readonly before: readonly Turn[];
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly durationMs: number;
}

/** What decides which exchanges of a session are cases. */
type CaseOptions = Pick<EvalOptions, "mode" | "onlyCode" | "minLength">;

/** A line that begins a block of code. */
const FENCE = /(?:^|\n)[ \t]*(?:```|~~~)/;

/**
 * The test cases of a session. An answer is all that the assistant said until the next question: agents answer in many
 * messages, the first of which is often nothing but a tool call. Questions without an answer make no case.
 */
export function testCases(turns: readonly Turn[], options: CaseOptions): TestCase[] {
  const { mode, onlyCode, minLength } = options;
  const cases = exchanges(turns).filter(({ input, output }) => {
    return Math.min(input.length, output.length) >= minLength && (!onlyCode || FENCE.test(output));
  });
  if (mode === "per_turn") return cases;
  if (mode === "final_only") return cases.slice(-1);
  if (cases.length === 0) return [];
  const texts = (role: string) =>
    turns.filter((turn) => turn.role === role && turn.said !== "").map(({ said }) => said);
  return [{ ...summed(turns), input: texts("user").join("\n\n"), output: texts("assistant").join("\n\n"), before: [] }];
}

function exchanges(turns: readonly Turn[]): TestCase[] {
  const cases: TestCase[] = [];
  let start = 0;
  while (start < turns.length) {
    const question = turns[start];
    let end = start + 1;
    if (question?.role === "user" && question.said !== "") {
      while (end < turns.length && turns[end]?.role !== "user") end += 1;
      const answer = turns.slice(start + 1, end).filter(({ role, said }) => role === "assistant" && said !== "");
      if (answer.length > 0) {
        const output = answer.map(({ said }) => said).join("\n\n");
        const before = turns.slice(0, start);
        cases.push({ ...summed(turns.slice(start, end)), input: question.said, output, before });
      }
    }
    start = end;
  }
  return cases;
}

function summed(turns: readonly Turn[]) {
  let [promptTokens, completionTokens, durationMs] = [0, 0, 0];
  for (const turn of turns) {
    promptTokens += turn.promptTokens;
    completionTokens += turn.completionTokens;
    durationMs += turn.durationMs;
  }
  return { promptTokens, completionTokens, durationMs };
}
