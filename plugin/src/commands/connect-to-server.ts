import { OpenSyncClient } from "@opensync/client";
import { type Credentials, readCredentials } from "../config/credentials.ts";
import { NotSignedInError } from "../io/cli-errors.ts";
import type { Context } from "./command.ts";

/** A person waits for the answer: one repetition bridges a hiccup, more would look like hanging. */
const RETRY = { attempts: 2, attemptTimeoutMs: 10_000, totalTimeoutMs: 20_000 };

/** A client for an address and key that a person has just given. */
export function clientFor(url: string, apiKey: string, { fetch }: Context): OpenSyncClient {
  return new OpenSyncClient({ url, apiKey, fetch, retry: RETRY });
}

/**
 * The saved credentials and a client with them.
 * @throws NotSignedInError
 */
export async function connectSaved(context: Context): Promise<{ client: OpenSyncClient; credentials: Credentials }> {
  const credentials = await readCredentials(context.env);
  if (credentials === undefined) throw new NotSignedInError();
  return { client: clientFor(credentials.url, credentials.apiKey, context), credentials };
}
