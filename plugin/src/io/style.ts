import { styleText } from "node:util";
import type { Environment } from "../environment.ts";
import type { Style } from "./terminal.ts";

/**
 * Whether to write colours.
 * @param isTerminal whether the stream is one
 * @source no-color.org; CLICOLOR_FORCE of bixense.com/clicolors
 */
export function wantsColour(env: Environment, isTerminal: boolean): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["CLICOLOR_FORCE"] && env["CLICOLOR_FORCE"] !== "0") return true;
  return isTerminal && env["TERM"] !== "dumb" && !env["CI"];
}

/** The style of a stream. */
export function createStyle(hasColour: boolean): Style {
  const paint = (format: "bold" | "dim" | "green" | "yellow" | "red") => (text: string) =>
    // The decision was taken above; styleText would look at the stream and the environment of this process once more.
    hasColour ? styleText(format, text, { validateStream: false }) : text;
  return { bold: paint("bold"), dim: paint("dim"), green: paint("green"), yellow: paint("yellow"), red: paint("red") };
}
