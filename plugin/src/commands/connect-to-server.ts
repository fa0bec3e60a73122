import { OpenSyncClient } from "@opensync/client";
import { type Credentials, readCredentials } from "../config/credentials.ts";
import { readSettings, type Settings } from "../config/settings.ts";
import { NotSignedInError } from "../io/cli-errors.ts";
import { machineSecrets } from "../redact/machine-secrets.ts";
import { createRedaction, type Redaction } from "../redact/redaction.ts";
import type { Context } from "./command.ts";

/** A person waits for the answer: one repetition bridges a hiccup, more would look like hanging. */
const RETRY = { attempts: 2, attemptTimeoutMs: 10_000, totalTimeoutMs: 20_000 };

/** A client for an address and key that a person has just given. */
export function clientFor(url: string, apiKey: string, { fetch }: Context): OpenSyncClient {
  return new OpenSyncClient({ url, apiKey, fetch, retry: RETRY });
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
 * @throws NotSignedInError, ConfigError
 */
export async function connectSaved(context: Context): Promise<Saved> {
  const { env } = context;
  const credentials = await readCredentials(env);
  if (credentials === undefined) throw new NotSignedInError();
  const { url, apiKey } = credentials;
  const settings = await readSettings(env);
  const redaction = createRedaction({ known: machineSecrets(env), settings, apiKey });
  return { client: clientFor(url, apiKey, context), credentials, settings, redaction };
}
