import { UsageError } from "../io/cli-errors.ts";
import { reportError } from "../io/report-error.ts";
import type { Command, Context, Data, Given } from "./command.ts";
import { commandHelp, programHelp } from "./help-text.ts";
import { parseArguments } from "./parse-arguments.ts";

/** The commands by name, in the order of the help. Each is loaded when it is wanted. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>;

/**
 * Runs the program.
 * @param args as given, without the names of runtime and program
 * @returns the exit code. Never throws: every error is told by `reportError`
 */
export async function runProgram(args: readonly string[], commands: Commands, context: Context): Promise<number> {
  // Read before anything can fail, so that also a wrong option is told in the form that was asked for.
  const form = { isJson: args.some((arg) => /^--json(=|$)/.test(arg)), isDebug: args.includes("--debug") };
  try {
    return await dispatch(args, commands, context);
  } catch (error) {
    return reportError(error, context.terminal, form);
  }
}

async function dispatch(args: readonly string[], commands: Commands, context: Context): Promise<number> {
  const [name = "help", ...rest] = args;
  if (name === "--version" || name === "-V") return dispatch(["version", ...rest], commands, context);
  if (name === "help" || name === "--help" || name === "-h") return help(rest[0], commands, context);
  const command = await load(name, commands);
  const { given, argument } = parseArguments(rest, command);
  if (given["help"] === true) return help(name, commands, context);
  if (given["quiet"] === true) context.terminal.setTalk("quiet");
  if (given["verbose"] === true) context.terminal.setTalk("verbose");
  return runCommand(command, given, argument, context);
}

async function runCommand(
  command: Command,
  given: Given,
  argument: string | undefined,
  context: Context,
): Promise<number> {
  const fields = wantedFields(command, given);
  if (fields === "list") {
    for (const [field, meaning] of Object.entries(command.fields ?? {})) context.terminal.print(`${field}\t${meaning}`);
    return 0;
  }
  const data = await command.run(given, context, argument);
  if (data === undefined) return 0;
  if (fields === undefined) command.show?.(data, context);
  else context.terminal.print(JSON.stringify(pick(data, fields)));
  return command.exitCode?.(data) ?? 0;
}

/** @returns undefined: no JSON; "list": the names of the fields; else the fields themselves */
function wantedFields(command: Command, given: Given): readonly string[] | "list" | undefined {
  const wanted = given["json"];
  if (wanted === undefined) return undefined;
  const known = Object.keys(command.fields ?? {});
  const fields = String(wanted).split(",").filter(Boolean);
  if (fields.length === 0) return "list";
  const stranger = fields.find((field) => !known.includes(field));
  if (stranger === undefined) return fields;
  const message = `opencode-sync ${command.name} has no field "${stranger}"`;
  throw new UsageError({ message, hint: `Its fields: ${known.join(", ") || "none"}` });
}

function pick(data: Data, fields: readonly string[]): Data {
  return Object.fromEntries(fields.map((field) => [field, data[field] ?? null]));
}

async function help(name: string | undefined, commands: Commands, { terminal }: Context): Promise<number> {
  const all = Object.values(commands);
  const lines =
    name === undefined || name.startsWith("-")
      ? programHelp(await Promise.all(all.map((load) => load())), terminal.style)
      : commandHelp(await load(name, commands), terminal.style);
  for (const line of lines) terminal.print(line);
  return 0;
}

async function load(name: string, commands: Commands): Promise<Command> {
  const find = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (find !== undefined) return find();
  const message = name.startsWith("-") ? "the first argument must be a command" : `there is no command "${name}"`;
  throw new UsageError({ message, hint: "See: opencode-sync help" });
}
