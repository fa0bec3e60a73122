import { readSettings } from "../config/settings.ts";
import { UsageError } from "../io/cli-errors.ts";
import { counted } from "../io/counted.ts";
import { startProgress } from "../io/progress.ts";
import { printRows } from "../io/table.ts";
import { openCode } from "../sources/opencode/index.ts";
import type { StoreReader } from "../sources/source.ts";
import { openStore } from "../sync/open-store.ts";
import { type Difference, type Proof, verifyStore } from "../sync/verify-store.ts";
import type { Context, Data } from "./command.ts";
import { connectSaved, PATIENT } from "./connect-to-server.ts";

/** Differences that are named one by one; beyond it they are counted. Somebody who reads ten thousand stops there. */
const MAX_NAMED = 10_000;

type Kind = Difference["kind"];

/** What was found in all. */
type Findings = {
  sessions: number;
  messages: number;
  readonly count: Record<Kind, number>;
  readonly named: Difference[];
};

/**
 * Proves that the server has all that the store has.
 * @param sessionId only this session
 * @throws NotSignedInError, StoreError, AnyOpenSyncError
 */
export async function verifyDeep(sessionId: string | undefined, context: Context): Promise<Data> {
  const { terminal, env } = context;
  const { client } = await connectSaved(context, PATIENT);
  const reader = await openStore(openCode, env, await readSettings(env));
  try {
    const ids = await wantedIds(reader, sessionId);
    const findings = await terminal.untilInterrupted(async (signal) => {
      const proofs = verifyStore(reader, openCode.id, client, ids, { isWhole: sessionId === undefined, signal });
      return collect(proofs, ids.length, context);
    });
    for (const { message, hint } of reader.unreadable) terminal.complain(`not checked: ${message}. ${hint}`);
    const { count, sessions, messages, named } = findings;
    const isProven = count.missing + count.different === 0 && reader.unreadable.length === 0;
    return { ok: isProven, sessions, messages, ...count, differences: named };
  } finally {
    reader.close();
  }
}

async function wantedIds(reader: StoreReader, sessionId: string | undefined): Promise<string[]> {
  if (sessionId === undefined) return (await reader.listSessions(0)).map(({ externalId }) => externalId);
  if ((await reader.readSession(sessionId)) !== undefined) return [sessionId];
  throw new UsageError({
    message: `there is no session "${sessionId}" in the store of ${openCode.name}`,
    hint: "Take an id from the dashboard, or from: opencode session list",
  });
}

async function collect(proofs: AsyncIterable<Proof>, total: number, { terminal, now }: Context): Promise<Findings> {
  const count = { missing: 0, different: 0, beyond: 0, deleted: 0 };
  const findings: Findings = { sessions: 0, messages: 0, count, named: [] };
  const progress = startProgress(terminal, "sessions", total, now);
  try {
    for await (const { messages, differences } of proofs) {
      if (differences.length !== 1 || differences[0]?.kind !== "beyond" || messages > 0) findings.sessions++;
      findings.messages += messages;
      for (const difference of differences) {
        count[difference.kind]++;
        if (findings.named.length < MAX_NAMED) findings.named.push(difference);
      }
      progress.update(findings.sessions, `${count.missing + count.different} missing or different`);
    }
  } finally {
    progress.end();
  }
  return findings;
}

/** One row for each difference on stdout; the sum of it on stderr. */
export function showProof(data: Data, { terminal }: Context): void {
  const differences: readonly Difference[] = Array.isArray(data["differences"]) ? data["differences"] : [];
  printRows(
    terminal,
    differences.map(({ kind, sessionId, messageId, reason }) => [kind, sessionId, messageId ?? "-", reason ?? ""]),
  );
  const number = (field: string) => Number(data[field] ?? 0);
  const wrong = number("missing") + number("different");
  const all = `${counted(number("sessions"), "session")} with ${counted(number("messages"), "message")}`;
  if (wrong === 0) terminal.say(`The server has all of ${all}.`);
  else {
    terminal.say(`${wrong} missing or different on the server, of ${all}.`);
    const isKept = differences.some((difference) => difference.isKept);
    terminal.say(`To send it: opencode-sync sync ${isKept ? "--force" : "--all"}`);
  }
  if (number("beyond") > 0) terminal.say(`Only the server has ${number("beyond")} more: other devices, older states.`);
  if (number("deleted") > 0) {
    terminal.say(`${counted(number("deleted"), "session")} deleted on the dashboard: not sent until restored there.`);
  }
}
