import { OpenSyncClient, type OpenSyncClientOptions } from "@opensync/client";
import { readCredentials } from "../config/credentials.ts";
import type { Environment } from "../environment.ts";
import { createRedactor, type Redactor } from "../redact/redactor.ts";

/** A server to sync to, and what must not reach it. */
export type Connection = {
  readonly client: OpenSyncClient;
  readonly redactor: Redactor;
  /** Since when this machine is signed in, epoch ms; 0 when only the environment says so. */
  readonly sinceMs: number;
};

/**
 * Connects with the saved credentials; nothing is sent yet.
 * @returns undefined when nobody is signed in
 * @throws ConfigError, InvalidUrlError when what is saved cannot be used
 */
export async function connect(
  env: Environment,
  options: Pick<OpenSyncClientOptions, "fetch" | "retry"> = {},
): Promise<Connection | undefined> {
  const credentials = await readCredentials(env);
  if (credentials === undefined) return undefined;
  const { url, apiKey, sinceMs } = credentials;
  return { client: new OpenSyncClient({ url, apiKey, ...options }), redactor: createRedactor([apiKey]), sinceMs };
}
