import { OpenSyncClient, type RetryPolicy } from "@opensync/client";
import { type Credentials, readCredentials } from "../config/credentials.ts";
import { readSettings, type Settings } from "../config/settings.ts";
import { NotSignedInError } from "../io/cli-errors.ts";
import { machineSecrets } from "../redact/machine-secrets.ts";
import { createRedaction, type Redaction } from "../redact/redaction.ts";
import type { Context } from "./command.ts";

/** A person waits for the answer: one repetition bridges a hiccup, more would look like hanging. */
const RETRY: Partial<RetryPolicy> = { attempts: 2, attemptTimeoutMs: 10_000, totalTimeoutMs: 20_000 };

/**
 * Sending content may take its time: 1 MiB over a line of 1 Mbit/s takes nine seconds, and three attempts bridge the
 * restart of a server.
 */
export const PATIENT: Partial<RetryPolicy> = { attempts: 3, attemptTimeoutMs: 60_000, totalTimeoutMs: 180_000 };

/** A client for an address and key that a person has just given. */
export function clientFor(url: string, apiKey: string, { fetch }: Context, retry = RETRY): OpenSyncClient {
  return new OpenSyncClient({ url, apiKey, fetch, retry });
}

/** The saved way to the server, and what must not go that way. */
export type Saved = {
  readonly client: OpenSyncClient;
  readonly credentials: Credentials;
  readonly settings: Settings;
  readonly redaction: Redaction;
};

/**
 * The saved credentials and settings, and a client with them.
 * @param retry how long a request may take
 * @throws NotSignedInError, ConfigError
 */
export async function connectSaved(context: Context, retry = RETRY): Promise<Saved> {
  const { env } = context;
  const credentials = await readCredentials(env);
  if (credentials === undefined) throw new NotSignedInError();
  const { url, apiKey } = credentials;
  const settings = await readSettings(env);
  const redaction = createRedaction({ known: machineSecrets(env), settings, apiKey });
  return { client: clientFor(url, apiKey, context, retry), credentials, settings, redaction };
}
