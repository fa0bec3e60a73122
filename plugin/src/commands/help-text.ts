import type { Style } from "../io/terminal.ts";
import type { Command, Option } from "./command.ts";
import { GLOBAL_OPTIONS } from "./parse-arguments.ts";

/** The program's help: every command in a line. */
export function programHelp(commands: readonly Command[], style: Style): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "Sync your coding-agent sessions to your own OpenSync server.",
    "",
    style.bold("Usage"),
    "  opencode-sync <command> [options]",
    "",
    style.bold("Commands"),
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Help on one of them: opencode-sync help <command>",
  ];
}

/** Help on one command: what it does, its options, a real example. */
export function commandHelp(command: Command, style: Style): string[] {
  const { json, ...common } = GLOBAL_OPTIONS;
  const options = { ...command.options, ...(command.fields && json ? { json } : {}), ...common };
  const labels = Object.entries(options).map(([name, option]) => ({ label: labelOf(name, option), option }));
  const width = Math.max(...labels.map(({ label }) => label.length));
  const argument = command.argument === undefined ? "" : ` [${command.argument}]`;
  return [
    `${command.summary}.`,
    "",
    style.bold("Usage"),
    `  opencode-sync ${command.name}${argument} [options]`,
    "",
    style.bold("Options"),
    ...labels.map(({ label, option }) => `  ${label.padEnd(width)}  ${option.description}`),
    "",
    style.bold("Example"),
    `  ${command.example}`,
  ];
}

function labelOf(name: string, { short, valueHint }: Option): string {
  const value = valueHint === undefined ? "" : ` ${valueHint}`;
  return `${short === undefined ? "    " : `-${short}, `}--${name}${value}`;
}
