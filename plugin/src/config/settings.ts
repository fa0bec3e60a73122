import { join, resolve, sep } from "node:path";
import * as z from "zod/mini";
import type { Environment } from "../environment.ts";
import { ConfigError } from "./config-error.ts";
import { openSyncFolder } from "./paths.ts";
import { readIfThere, writePrivateFile } from "./private-file.ts";

const patternSchema = z.object({ name: z.string(), pattern: z.string() });

const settingsSchema = z.object({
  redaction: z._default(z.boolean(), true),
  patterns: z._default(z.array(patternSchema), []),
  excluded: z._default(z.array(z.string()), []),
  pausedUntilMs: z._default(z.number(), 0),
});

/** What a person decided about what leaves this machine. */
export type Settings = {
  /** Whether secrets are masked. On by default; our own key is masked always. */
  readonly redaction: boolean;
  /** What else is masked. */
  readonly patterns: readonly { readonly name: string; readonly pattern: string }[];
  /** Absolute paths: sessions in these folders, and below them, never leave. */
  readonly excluded: readonly string[];
  /** Nothing is sent before this moment, epoch ms; 0: no pause. What happens meanwhile is sent afterwards. */
  readonly pausedUntilMs: number;
};

/** What redaction needs of them. */
export type RedactionSettings = Pick<Settings, "redaction" | "patterns">;

/** `~/.opensync/settings.json`. */
export function settingsFile(env: Environment): string {
  return join(openSyncFolder(env), "settings.json");
}

/**
 * Reads the settings; without a file the defaults.
 * @throws ConfigError when the file is not what it should be: nothing must leave then, since it may say so
 */
export async function readSettings(env: Environment): Promise<Settings> {
  const file = settingsFile(env);
  const text = await readIfThere(file);
  const parsed = z.safeParse(settingsSchema, text === undefined ? {} : parseJson(text));
  if (parsed.success) return parsed.data;
  throw new ConfigError({
    message: `${file} is not valid, so nothing is sent`,
    hint: "Correct it, or remove it and set anew what differs from the defaults: opencode-sync config --help",
  });
}

/** Saves the settings, readable for this user only. */
export async function writeSettings(env: Environment, settings: Settings): Promise<void> {
  await writePrivateFile(settingsFile(env), `${JSON.stringify(settings, null, 2)}\n`);
}

/** Whether sessions of a project stay on this machine: its folder is one of the excluded, or below one. */
export function isExcluded({ excluded }: Pick<Settings, "excluded">, projectPath: string | undefined): boolean {
  if (projectPath === undefined) return false;
  const path = resolve(projectPath);
  return excluded.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
