import { UsageError } from "../io/cli-errors.ts";
import { counted } from "../io/counted.ts";
import { printRows } from "../io/table.ts";
import { openCode } from "../sources/opencode/index.ts";
import type { BackfillMode } from "../sync/backfill.ts";
import { outgoingSession } from "../sync/outgoing.ts";
import { push } from "../sync/push.ts";
import type { Command, Context, Data, Given } from "./command.ts";
import { connectSaved } from "./connect-to-server.ts";
import { replaceStandIn } from "./prepare-opencode.ts";
import { readSelection, SELECT_OPTIONS } from "./select-sessions.ts";
import { syncSessions } from "./sync-sessions.ts";

/** Tests the way to the server, or sends the sessions that are in OpenCode's store. */
export const sync: Command = {
  name: "sync",
  summary: "Test the way to the server with a test session, or send the sessions of this machine",
  example: "opencode-sync sync --all",
  options: {
    new: { type: "boolean", description: "Send the sessions that were not sent from this machine before" },
    all: { type: "boolean", description: "Ask the server what it has, and send what it lacks" },
    force: { type: "boolean", description: "Forget what was sent before, and send everything" },
    ...SELECT_OPTIONS,
    "dry-run": { type: "boolean", description: "Only show which sessions would be sent" },
  },
  fields: {
    sent: "sessions that were sent",
    skipped: "sessions that the server has already",
    messages: "messages that were sent",
    removed: "of these, messages that are no longer in the store",
    rejected: "items that the server did not take",
    kept: "sessions of which the server keeps a newer state",
    wouldSend: "with --dry-run: list of {externalId, messages}, the first 10000",
  },
  run: async (given, context) => {
    const mode = modeOf(given);
    const selection = readSelection(given, [openCode.id], context.now());
    const isDryRun = given["dry-run"] === true;
    await replaceStandIn(context);
    if (mode !== undefined) return syncSessions({ mode, selection, isDryRun }, context);
    if (Object.keys(selection).length > 0 || isDryRun) throw new UsageError(NO_MODE);
    return sendTestSession(context);
  },
  show: (data, { terminal }) => {
    const wouldSend: readonly { externalId: string; messages: number }[] | undefined = asList(data["wouldSend"]);
    if (wouldSend !== undefined)
      printRows(
        terminal,
        wouldSend.map(({ externalId, messages }) => [externalId, String(messages)]),
      );
    const count = (field: string, noun: string) => counted(Number(data[field]), noun);
    const summary = [
      `${count("sent", "session")} ${wouldSend === undefined ? "sent" : "to send"}`,
      `${data["skipped"]} already there`,
      count("messages", "message"),
      ...(data["removed"] ? [`${data["removed"]} of them removed`] : []),
    ].join(", ");
    if (wouldSend === undefined) terminal.print(summary);
    else terminal.say(summary);
    if (!data["kept"]) return;
    terminal.say(`Of ${count("kept", "session")} the server keeps a newer state. To send it anyway: ${FORCE}`);
  },
  exitCode: (data) => (data["rejected"] || data["kept"] ? 1 : 0),
};

const FORCE = "opencode-sync sync --force";

const NO_MODE = {
  message: "which sessions are meant is said together with --new, --all or --force",
  hint: "See: opencode-sync sync --help",
};

function asList(value: unknown) {
  return Array.isArray(value) ? value : undefined;
}

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
  const { rejected } = await push(client, [outgoingSession(session, { device }, redactor)], []);
  for (const { reason } of rejected) terminal.complain(`not stored: ${reason}`);
  if (rejected.length === 0) terminal.say(`The server took the test session "${session.title}": ${client.url}`);
  return { sent: 1 - rejected.length, skipped: 0, messages: 0, removed: 0, rejected: rejected.length, kept: 0 };
}
