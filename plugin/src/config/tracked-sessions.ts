import { join } from "node:path";
import * as z from "zod/mini";
import type { Environment } from "../environment.ts";
import { openSyncFolder } from "./paths.ts";
import { readIfThere, writePrivateFile } from "./private-file.ts";

/** The form of version 1, kept so that its file goes on counting. */
const fileSchema = z.object({ sessionIds: z.array(z.string()) });

/** Sessions that `sync` has sent from this machine; only `sync --new` asks. */
export async function readTracked(env: Environment): Promise<Set<string>> {
  const text = await readIfThere(trackingFile(env));
  const parsed = text === undefined ? undefined : z.safeParse(fileSchema, parseJson(text));
  // A file that cannot be read costs sending once more what the server has: nothing changes there.
  return new Set(parsed?.success ? parsed.data.sessionIds : []);
}

/**
 * Saves the sessions that have been sent.
 * @param nowMs noted in the file, epoch ms
 */
export async function writeTracked(env: Environment, sessionIds: ReadonlySet<string>, nowMs: number): Promise<void> {
  const text = JSON.stringify({ sessionIds: [...sessionIds].sort(), lastUpdated: nowMs });
  await writePrivateFile(trackingFile(env), `${text}\n`);
}

function trackingFile(env: Environment): string {
  return join(openSyncFolder(env), "synced-sessions.json");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
