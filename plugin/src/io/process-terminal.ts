import type { Environment } from "../environment.ts";
import { CancelledError } from "./cli-errors.ts";
import { untilInterrupted } from "./interrupt.ts";
import { createStyle, wantsColour } from "./style.ts";
import type { Talk, Terminal } from "./terminal.ts";

/** Back to the first column, and nothing in the line. */
const CLEAR_LINE = "\r\x1b[K";

/** The terminal of this process. Questions go to stderr, so that stdout stays data. */
export function processTerminal(env: Environment): Terminal {
  const { stdin, stdout, stderr } = process;
  // A terminal that nobody looks at may have no width: a prompt would draw one character a line.
  if (stderr.columns === 0) stderr.columns = 80;
  let talk: Talk = "normal";
  let drawn = "";
  const complain = (line: string) => {
    stderr.write(drawn === "" ? `${line}\n` : `${CLEAR_LINE}${line}\n${drawn}`);
  };
  return {
    isTerminal: stdout.isTTY === true,
    canAsk: stdin.isTTY === true && stderr.isTTY === true && !env["CI"],
    style: createStyle(wantsColour(env, stdout.isTTY === true)),
    print: (line) => {
      // stdout and stderr are the same screen, as a rule.
      if (drawn !== "") stderr.write(CLEAR_LINE);
      stdout.write(`${line}\n`);
      if (drawn !== "") stderr.write(drawn);
    },
    say: (line) => talk !== "quiet" && complain(line),
    detail: (line) => talk === "verbose" && complain(line),
    complain,
    canRedraw: stderr.isTTY === true && env["TERM"] !== "dumb" && !env["CI"],
    redraw: (line) => {
      if (talk === "quiet" || (line === "" && drawn === "")) return;
      // A line that wraps cannot be drawn over.
      drawn = line.slice(0, (stderr.columns || 80) - 1);
      stderr.write(`${CLEAR_LINE}${drawn}`);
    },
    untilInterrupted,
    setTalk: (wanted) => {
      talk = wanted;
    },
    ask: async (message, initialValue) => {
      const { text, isCancel } = await import("@clack/prompts");
      const answer = await text({ message, initialValue, output: stderr });
      if (isCancel(answer)) throw new CancelledError();
      return answer;
    },
    askSecret: async (message) => {
      const { password, isCancel } = await import("@clack/prompts");
      const answer = await password({ message, output: stderr });
      if (isCancel(answer)) throw new CancelledError();
      return answer;
    },
    confirm: async (message) => {
      const { confirm, isCancel } = await import("@clack/prompts");
      const answer = await confirm({ message, output: stderr });
      if (isCancel(answer)) throw new CancelledError();
      return answer;
    },
    readInput: async () => {
      let text = "";
      for await (const chunk of stdin.setEncoding("utf8")) text += String(chunk);
      return text;
    },
  };
}
