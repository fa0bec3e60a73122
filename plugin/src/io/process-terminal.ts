import type { Environment } from "../environment.ts";
import { CancelledError } from "./cli-errors.ts";
import { createStyle, wantsColour } from "./style.ts";
import type { Talk, Terminal } from "./terminal.ts";

/** The terminal of this process. Questions go to stderr, so that stdout stays data. */
export function processTerminal(env: Environment): Terminal {
  const { stdin, stdout, stderr } = process;
  let talk: Talk = "normal";
  const complain = (line: string) => void stderr.write(`${line}\n`);
  return {
    isTerminal: stdout.isTTY === true,
    canAsk: stdin.isTTY === true && stderr.isTTY === true && !env["CI"],
    style: createStyle(wantsColour(env, stdout.isTTY === true)),
    print: (line) => void stdout.write(`${line}\n`),
    say: (line) => talk !== "quiet" && complain(line),
    detail: (line) => talk === "verbose" && complain(line),
    complain,
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
