import { OpenSyncClient, type OpenSyncClientOptions } from "@opensync/client";
import { readCredentials } from "../config/credentials.ts";
import { readSettings, type Settings } from "../config/settings.ts";
import type { Environment } from "../environment.ts";
import type { KnownSecrets } from "../redact/known-secrets.ts";
import { createRedaction, type Redaction } from "../redact/redaction.ts";

/** A server to sync to, and what must not reach it. */
export type Connection = {
  readonly client: OpenSyncClient;
  readonly redaction: Redaction;
  /** What the person wants to leave this machine. */
  readonly settings: Settings;
  /** Since when this machine is signed in, epoch ms; 0 when only the environment says so. */
  readonly sinceMs: number;
};

/**
 * Connects with the saved credentials and settings; nothing is sent yet.
 * @param known secrets of this machine
 * @returns undefined when nobody is signed in
 * @throws ConfigError, InvalidUrlError when what is saved cannot be used
 */
export async function connect(
  env: Environment,
  known: KnownSecrets,
  options: Pick<OpenSyncClientOptions, "fetch" | "retry"> = {},
): Promise<Connection | undefined> {
  const credentials = await readCredentials(env);
  if (credentials === undefined) return undefined;
  const { url, apiKey, sinceMs } = credentials;
  const settings = await readSettings(env);
  return {
    client: new OpenSyncClient({ url, apiKey, ...options }),
    redaction: createRedaction({ known, settings, apiKey }),
    settings,
    sinceMs,
  };
}
