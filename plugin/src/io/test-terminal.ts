import { CancelledError } from "./cli-errors.ts";
import { createStyle } from "./style.ts";
import type { Talk, Terminal } from "./terminal.ts";

/** A terminal for tests: keeps what was written and answers from a list. */
export type TestTerminal = Terminal & {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The questions that were asked, in order. */
  readonly questions: string[];
};

/**
 * Makes a terminal for tests.
 * @param options.isTerminal whether stdout is one, and a person is there
 * @param options.answers to the questions, in order; one too few fails the test, null cancels
 * @param options.input what stdin holds
 */
export function createTestTerminal(
  options: {
    readonly isTerminal?: boolean;
    readonly hasColour?: boolean;
    readonly answers?: readonly (string | boolean | null)[];
    readonly input?: string;
    /** Fires as Ctrl-C would. */
    readonly interrupt?: AbortSignal;
  } = {},
): TestTerminal {
  const written = { stdout: "", stderr: "" };
  const answers = [...(options.answers ?? [])];
  const questions: string[] = [];
  const isTerminal = options.isTerminal ?? false;
  let talk: Talk = "normal";
  const complain = (line: string) => {
    written.stderr += `${line}
`;
  };
  const next = (question: string): string | boolean => {
    questions.push(question);
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`the test has no answer to "${question}"`);
    if (answer === null) throw new CancelledError();
    return answer;
  };
  return {
    isTerminal,
    canAsk: isTerminal,
    style: createStyle(options.hasColour ?? false),
    print: (line) => {
      written.stdout += `${line}
`;
    },
    say: (line) => talk !== "quiet" && complain(line),
    detail: (line) => talk === "verbose" && complain(line),
    complain,
    canRedraw: isTerminal,
    redraw: (line) => {
      if (talk !== "quiet") written.stderr += `\r${line}`;
    },
    untilInterrupted: (run) => run(options.interrupt ?? new AbortController().signal),
    setTalk: (wanted) => {
      talk = wanted;
    },
    ask: async (question, initial) => String(next(question)) || initial,
    askSecret: async (question) => String(next(question)),
    confirm: async (question) => next(question) === true,
    readInput: async () => options.input ?? "",
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    questions,
  };
}
