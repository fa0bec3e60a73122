import type { FetchLike } from "@opensync/client";
import type { Environment } from "../environment.ts";
import type { Terminal } from "../io/terminal.ts";

/** An option of a command. */
export type Option = {
  readonly type: "boolean" | "string";
  readonly description: string;
  /** Stands for the value in the help: `<address>`. */
  readonly valueHint?: string;
  readonly short?: string;
};

/** What a person gave; an option that was not given is absent. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

/** The world of a command. */
export type Context = {
  readonly terminal: Terminal;
  readonly env: Environment;
  /** Current time, epoch ms. */
  readonly now: () => number;
  /** Name of this machine. */
  readonly device: string;
  /** How requests are made; the runtime's own unless a proxy is needed. */
  readonly fetch: FetchLike;
  /** Where the program was started, absolute. */
  readonly folder: string;
  /** The folder of the built files, where the plugin's entry is beside the program. */
  readonly packageFolder: string;
};

/** What a reading command found out, by field. */
export type Data = Readonly<Record<string, unknown>>;

/** One command of the program. */
export type Command = {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** A real call, for its help. */
  readonly example: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Name of the one argument that is no option, if it takes any. */
  readonly argument?: string;
  /** For commands that read: the fields that `--json` can print, with their meaning. */
  readonly fields?: Readonly<Record<string, string>>;
  /**
   * Does the work. A reading command gives its fields back; they are printed by `show`, or as JSON.
   * @param argument what was given beside options; undefined: nothing
   */
  readonly run: (given: Given, context: Context, argument: string | undefined) => Promise<Data | undefined>;
  /** Prints the fields for a person, or as rows for a program. */
  readonly show?: (data: Data, context: Context) => void;
  /** Exit code of a command that came to its end; 0 without it. */
  readonly exitCode?: (data: Data) => number;
};
