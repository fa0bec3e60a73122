import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { readCredentials } from "../config/credentials.ts";
import { readSettings } from "../config/settings.ts";
import { UsageError } from "../io/cli-errors.ts";
import { printRows } from "../io/table.ts";
import type { Find } from "../redact/find.ts";
import { machineSecrets } from "../redact/machine-secrets.ts";
import { createRedaction } from "../redact/redaction.ts";
import type { Command, Context, Given } from "./command.ts";

/** One place that would be masked. Never the secret itself: this output is made to be pasted. */
type Place = { readonly line: number; readonly column: number; readonly name: string; readonly characters: number };

/** Shows what would be masked in a text, as if it were in a session of the current folder. Sends nothing. */
export const redact: Command = {
  name: "redact",
  summary: "Show what would be masked in a file, without showing the secrets",
  example: "opencode-sync redact --test notes.md",
  options: {
    test: { type: "string", valueHint: "<file>", description: "File to look at; -: what is on stdin" },
    project: { type: "string", valueHint: "<folder>", description: "Whose .env files count; default: the current one" },
  },
  fields: {
    redaction: "whether secrets are masked at all; our own key is in any case",
    places: "where something would be masked: line, column, name, characters",
  },
  run: async (given, context) => {
    const { env } = context;
    const text = await readText(given, context);
    const project = typeof given["project"] === "string" ? given["project"] : ".";
    const settings = await readSettings(env);
    const apiKey = (await readCredentials(env))?.apiKey;
    const redaction = createRedaction({ known: machineSecrets(env), settings, apiKey });
    const finds = await redaction.find(text, resolve(project));
    return { redaction: settings.redaction, places: placesOf(text, finds) };
  },
  show: (data, { terminal }) => {
    const places: readonly Place[] = Array.isArray(data["places"]) ? data["places"] : [];
    if (data["redaction"] === false) terminal.say("Redaction is off: only our own key is masked.");
    if (places.length === 0) terminal.say("Nothing would be masked.");
    printRows(
      terminal,
      places.map(({ line, column, name, characters }) => [`${line}:${column}`, name, `${characters} characters`]),
    );
  },
};

async function readText(given: Given, { terminal }: Context): Promise<string> {
  const file = given["test"];
  if (typeof file !== "string" || file === "") {
    throw new UsageError({
      message: "there is nothing to look at",
      hint: "Give a file: opencode-sync redact --test FILE",
    });
  }
  if (file === "-") return terminal.readInput();
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new UsageError({
      message: `cannot read ${file}${reason}`,
      hint: "Give a file that you can read.",
      cause: error,
    });
  }
}

function placesOf(text: string, finds: readonly Find[]): Place[] {
  let line = 1;
  let lineStart = 0;
  let at = 0;
  return finds.map(({ start, end, name }) => {
    for (let newline = text.indexOf("\n", at); newline >= 0 && newline < start; newline = text.indexOf("\n", at)) {
      line++;
      at = newline + 1;
      lineStart = at;
    }
    return { line, column: start - lineStart + 1, name, characters: end - start };
  });
}
