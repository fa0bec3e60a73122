import { OpenSyncError } from "@opensync/client";
import { maskKey } from "../config/mask-key.ts";
import { stateFile } from "../config/paths.ts";
import { readSettings } from "../config/settings.ts";
import { exitCodeOf } from "../io/report-error.ts";
import { printRows } from "../io/table.ts";
import { openCode } from "../sources/opencode/index.ts";
import { StoreError } from "../sources/source.ts";
import { openStore } from "../sync/open-store.ts";
import { countRejected, readState, type SyncState } from "../sync/sync-state.ts";
import { waitingSessions } from "../sync/waiting-sessions.ts";
import type { Command, Context, Data } from "./command.ts";
import { connectSaved } from "./connect-to-server.ts";

/** Shows whether this machine is signed in, and what is still to be sent. One request at most. */
export const status: Command = {
  name: "status",
  summary: "Show whether you are signed in, and what is still to be sent",
  example: "opencode-sync status",
  options: {},
  fields: {
    url: "address of the server",
    key: "first 8 and last 4 characters of the key",
    server: "ok, or why the server does not take the key",
    failure: "its kind, as invalid-key or network; null: none",
    lastSuccessAt: "when the plugin last sent everything, ISO 8601; null: not yet",
    waiting: "sessions that changed since and are not known to be on the server; null: no sessions here",
    rejected: "items that the server did not take, and has not taken since",
    lastError: "what went wrong last",
    pausedUntil: "nothing is sent before, ISO 8601; null: not paused",
  },
  run: async (_given, context) => {
    const { client, credentials, settings } = await connectSaved(context);
    const { pausedUntilMs } = settings;
    const state = await readState(stateFile(context.env, openCode.id), credentials.sinceMs || context.now());
    return {
      url: client.url,
      key: maskKey(credentials.apiKey),
      ...(await answerOf(() => client.checkKey())),
      lastSuccessAt: state.lastSuccessAtMs && new Date(state.lastSuccessAtMs).toISOString(),
      waiting: await countWaiting(state, context),
      rejected: countRejected(state),
      lastError: state.lastError?.message,
      pausedUntil: context.now() < pausedUntilMs ? new Date(pausedUntilMs).toISOString() : undefined,
    };
  },
  show: (data, { terminal }) => {
    const shown = Object.entries(data).filter(([, value]) => value !== undefined);
    printRows(
      terminal,
      shown.map(([field, value]) => [field, String(value)]),
    );
  },
  exitCode: ({ failure }: Data) => (failure === undefined ? 0 : exitCodeOf(String(failure))),
};

async function answerOf(call: () => Promise<void>): Promise<{ server: string; failure?: string }> {
  try {
    await call();
    return { server: "ok" };
  } catch (error) {
    if (error instanceof OpenSyncError) return { server: error.message, failure: error.kind };
    throw error;
  }
}

async function countWaiting(state: SyncState, { env }: Context): Promise<number | undefined> {
  try {
    const reader = await openStore(openCode, env, await readSettings(env));
    try {
      return (await waitingSessions(reader, state)).length;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
