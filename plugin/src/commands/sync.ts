import { stateFile } from "../config/paths.ts";
import { readTracked, writeTracked } from "../config/tracked-sessions.ts";
import { NotFinishedError, UsageError } from "../io/cli-errors.ts";
import { openCode } from "../sources/opencode/index.ts";
import { type BackfillMode, backfill } from "../sync/backfill.ts";
import { openStore } from "../sync/open-store.ts";
import { outgoingSession } from "../sync/outgoing.ts";
import { push } from "../sync/push.ts";
import type { SyncTools } from "../sync/sync-session.ts";
import { readState, saveState } from "../sync/sync-state.ts";
import type { Command, Context, Data, Given } from "./command.ts";
import { connectSaved } from "./connect-to-server.ts";

/** Tests the way to the server, or sends the sessions that are in OpenCode's store. */
export const sync: Command = {
  name: "sync",
  summary: "Test the way to the server with a test session, or send the sessions of this machine",
  example: "opencode-sync sync --all",
  options: {
    new: { type: "boolean", description: "Send the sessions that were not sent from this machine before" },
    all: { type: "boolean", description: "Ask the server what it has, and send what it lacks" },
    force: { type: "boolean", description: "Forget what was sent before, and send everything" },
  },
  fields: {
    sent: "sessions that were sent",
    skipped: "sessions that the server has already",
    messages: "messages that were sent",
    rejected: "items that the server did not take",
  },
  run: async (given, context) => {
    const mode = modeOf(given);
    return mode === undefined ? sendTestSession(context) : sendSessions(mode, context);
  },
  show: (data, { terminal }) => {
    const sessions = data["sent"] === 1 ? "session" : "sessions";
    const messages = data["messages"] === 1 ? "message" : "messages";
    terminal.print(
      `${data["sent"]} ${sessions} sent, ${data["skipped"]} already there, ${data["messages"]} ${messages}`,
    );
  },
  exitCode: (data) => (data["rejected"] === 0 ? 0 : 1),
};

function modeOf(given: Given): BackfillMode | undefined {
  const modes = (["new", "all", "force"] as const).filter((mode) => given[mode] === true);
  if (modes.length <= 1) return modes[0];
  throw new UsageError({
    message: "--new, --all and --force exclude each other",
    hint: "See: opencode-sync sync --help",
  });
}

/** Always the same session for this machine, so that many tests leave one trace; it has no messages and no tokens. */
async function sendTestSession(context: Context): Promise<Data> {
  const { client, redaction } = await connectSaved(context);
  const { device, terminal } = context;
  await client.health();
  const session = {
    externalId: `opensync-test-${device}`,
    source: "opensync",
    title: `Connection test of ${device}`,
    createdAt: context.now(),
    updatedAt: context.now(),
    meta: { isTest: true },
  };
  const redactor = await redaction.forProject(undefined);
  const { errors } = await push(client, [outgoingSession(session, { device }, redactor)], []);
  for (const error of errors) terminal.complain(`not stored: ${error}`);
  if (errors.length === 0) terminal.say(`The server took the test session "${session.title}": ${client.url}`);
  return { sent: 1 - errors.length, skipped: 0, messages: 0, rejected: errors.length };
}

async function sendSessions(mode: BackfillMode, context: Context): Promise<Data> {
  const { client, credentials, redaction, settings } = await connectSaved(context);
  refuseWhilePaused(settings.pausedUntilMs, context.now());
  const { env, device, terminal } = context;
  const tracked = mode === "force" ? new Set<string>() : await readTracked(env);
  const tools: SyncTools = {
    client,
    redaction,
    observe: async (session) => ({ device, ...(await openCode.observePast(session)) }),
    now: context.now,
  };
  const file = stateFile(env, openCode.id);
  const state = await readState(file, credentials.sinceMs || context.now());
  const totals = { sent: 0, skipped: 0, messages: 0, rejected: 0 };
  const reader = await openStore(openCode, env, settings);
  try {
    for await (const outcome of backfill(reader, openCode.id, mode, tracked, tools)) {
      totals[outcome.kind]++;
      totals.messages += outcome.messages;
      totals.rejected += outcome.errors.length;
      for (const error of outcome.errors) terminal.complain(`not stored: ${error}`);
      tracked.add(outcome.externalId);
      state.sessions[outcome.externalId] = Math.max(state.sessions[outcome.externalId] ?? 0, outcome.changedAtMs);
      terminal.detail(`${outcome.kind} ${outcome.externalId} (${outcome.messages} messages)`);
    }
    for (const { message, hint } of reader.unreadable) terminal.complain(`not sent: ${message}. ${hint}`);
  } catch (error) {
    throw unfinished(error, totals.sent);
  } finally {
    reader.close();
    await writeTracked(env, tracked, context.now());
    // The plugin need not compare these again, and `status` does not count them as waiting.
    await saveState(file, state);
  }
  return totals;
}

/** A pause holds for every way out; what it keeps back is still in the store. */
function refuseWhilePaused(pausedUntilMs: number, nowMs: number): void {
  if (nowMs >= pausedUntilMs) return;
  throw new NotFinishedError({
    message: `nothing is sent before ${new Date(pausedUntilMs).toISOString()}: sync is paused on this machine`,
    hint: "To go on now: opencode-sync config --resume",
  });
}

/** What failed for a while only is not lost: the same command goes on where it stopped. */
function unfinished(error: unknown, sent: number): unknown {
  if (!(error instanceof Error) || !("retryable" in error) || error.retryable !== true) return error;
  const message = `stopped after ${sent} sessions: ${error.message}`;
  return new NotFinishedError({
    message,
    hint: "Run the same command again: it goes on where it stopped.",
    cause: error,
  });
}
