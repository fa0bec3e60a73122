import { rm, stat } from "node:fs/promises";
import * as z from "zod/mini";
import type { Environment } from "../environment.ts";
import { ConfigError } from "./config-error.ts";
import { credentialsFile } from "./paths.ts";
import { readIfThere, writePrivateFile } from "./private-file.ts";

/** Where to sync and as whom. */
export type Credentials = {
  /** As the user gave it; the client normalises it. */
  readonly url: string;
  /** `os_…` or `osk_…`. Never printed whole. */
  readonly apiKey: string;
  /** Since when they have been known here, epoch ms: when the file was written, or 0 from the environment alone. */
  readonly sinceMs: number;
};

/** `convexUrl` is what version 1 called the address. */
const fileSchema = z.object({
  url: z.optional(z.string()),
  convexUrl: z.optional(z.string()),
  apiKey: z.optional(z.string()),
});
type CredentialsFile = z.infer<typeof fileSchema>;

/**
 * Reads the credentials: `OPENSYNC_URL` and `OPENSYNC_API_KEY`, each before what the file says.
 * @returns undefined when address or key is missing
 * @throws ConfigError when the file is not what it should be
 */
export async function readCredentials(env: Environment): Promise<Credentials | undefined> {
  const saved = await readFile(env);
  const url = env["OPENSYNC_URL"] || saved.url || saved.convexUrl;
  const apiKey = env["OPENSYNC_API_KEY"] || saved.apiKey;
  if (!url || !apiKey) return undefined;
  return { url, apiKey, sinceMs: await writtenAtMs(env) };
}

/** Saves address and key for this user only. The folder is made when it is missing. */
export async function writeCredentials(env: Environment, credentials: { url: string; apiKey: string }): Promise<void> {
  const { url, apiKey } = credentials;
  await writePrivateFile(credentialsFile(env), `${JSON.stringify({ url, apiKey }, null, 2)}\n`);
}

/** Removes the saved credentials. @returns whether there were any */
export async function clearCredentials(env: Environment): Promise<boolean> {
  const file = credentialsFile(env);
  const existed = (await readIfThere(file)) !== undefined;
  await rm(file, { force: true });
  return existed;
}

async function readFile(env: Environment): Promise<CredentialsFile> {
  const file = credentialsFile(env);
  const text = await readIfThere(file);
  if (text === undefined) return {};
  const parsed = z.safeParse(fileSchema, parseJson(text));
  if (parsed.success) return parsed.data;
  // Not a word of the text itself: it holds a key.
  throw new ConfigError({ message: `${file} is not valid`, hint: "Write it anew with: opencode-sync login" });
}

async function writtenAtMs(env: Environment): Promise<number> {
  try {
    return Math.floor((await stat(credentialsFile(env))).mtimeMs);
  } catch {
    return 0;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
