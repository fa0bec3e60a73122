import { parseArgs } from "node:util";
import { UsageError } from "../io/cli-errors.ts";
import type { Command, Given, Option } from "./command.ts";

/** Options that every command takes. */
export const GLOBAL_OPTIONS: Readonly<Record<string, Option>> = {
  help: { type: "boolean", short: "h", description: "Show this help" },
  json: { type: "string", valueHint: "<fields>", description: "Print these fields as JSON; without fields, list them" },
  quiet: { type: "boolean", short: "q", description: "Print errors only" },
  verbose: { type: "boolean", short: "v", description: "Print one line for each request" },
  debug: { type: "boolean", description: "Print where an error comes from" },
};

/** A call of a command. */
export type Parsed = { readonly given: Given; readonly argument: string | undefined };

/**
 * Reads the arguments of a command, strictly: a misspelt option must not be taken for silence.
 * @throws UsageError for anything that the command does not take. Its text never repeats a value: it may be a key.
 */
export function parseArguments(args: readonly string[], command: Command): Parsed {
  const options = { ...command.options, ...GLOBAL_OPTIONS };
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]),
  );
  const { values, positionals } = parse([...args].map(bareJson), config, command);
  const [argument, ...others] = positionals;
  if (others.length > 0 || (argument !== undefined && command.argument === undefined)) {
    throw usage(command, "takes options only");
  }
  return { given: values, argument };
}

/** `--json` may stand alone, which a strict parser does not know: then it has an empty value. */
function bareJson(arg: string, index: number, args: readonly string[]): string {
  const next = args[index + 1];
  return arg === "--json" && (next === undefined || next.startsWith("-")) ? "--json=" : arg;
}

function parse(
  args: string[],
  options: Record<string, { type: "boolean" | "string"; short?: string }>,
  command: Command,
) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options,
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    });
    return {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, single(value)])),
      positionals,
    };
  } catch (error) {
    throw usage(command, reasonOf(error));
  }
}

function single(value: unknown): string | boolean | undefined {
  return typeof value === "string" || typeof value === "boolean" ? value : undefined;
}

/** Node's text without its advice on positional arguments. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [sentence = ""] = text.split(/[.\n]/);
  return `does not understand its options: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

function usage(command: Command, reason: string): UsageError {
  const message = `opencode-sync ${command.name} ${reason}`;
  return new UsageError({ message, hint: `See: opencode-sync ${command.name} --help` });
}
