import type { Command } from "./command.ts";

/** Shown in the list of commands; `runProgram` answers it, since only it knows all commands. */
export const help: Command = {
  name: "help",
  summary: "Show this help, or that of one command",
  example: "opencode-sync help login",
  argument: "command",
  options: {},
  run: async () => undefined,
};
