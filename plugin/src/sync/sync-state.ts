import * as z from "zod/mini";
import { readIfThere, writePrivateFile } from "../config/private-file.ts";
import type { Rejected } from "./push.ts";

const countSchema = z.number().check(z.nonnegative());

const stateSchema = z.object({
  sinceMs: countSchema,
  sessions: z.record(z.string(), countSchema),
  lastSuccessAtMs: z.optional(countSchema),
  lastError: z.optional(z.object({ atMs: countSchema, message: z.string() })),
  rejected: z.optional(z.record(z.string(), z.array(z.string()))),
});

/**
 * What is known to be on the server, for one agent on this machine. Losing it loses nothing: the sessions are compared
 * with the server once more.
 */
export type SyncState = {
  /** Changes up to this moment (epoch ms) are not the live sync's: they were before sign-in, or are known to be sent. */
  sinceMs: number;
  /** By session: the last change in the store that the server has. */
  readonly sessions: Record<string, number>;
  lastSuccessAtMs?: number | undefined;
  lastError?: { atMs: number; message: string } | undefined;
  /** By session: items that the server did not take, by id; an empty list: it took all of them since. */
  rejected?: Record<string, string[]> | undefined;
};

/** Most refused items that are remembered of one session. */
const MAX_REJECTED = 100;

/** Most sessions that are remembered; beyond it the oldest go, and `sinceMs` moves on to them. */
const MAX_SESSIONS = 2_000;

/**
 * Reads the state.
 * @param sinceMs where to begin when there is none yet, or none that can be read
 */
export async function readState(file: string, sinceMs: number): Promise<SyncState> {
  const text = await readIfThere(file);
  const parsed = text === undefined ? undefined : z.safeParse(stateSchema, parseJson(text));
  return parsed?.success ? parsed.data : { sinceMs, sessions: {} };
}

/**
 * Saves the state, together with what other processes have saved since: for every session the later moment counts.
 * Two processes that save at the same instant may forget one entry, which costs one comparison at the next start.
 */
export async function saveState(file: string, state: SyncState): Promise<void> {
  const saved = await readState(file, state.sinceMs);
  const merged: SyncState = { ...state, sinceMs: Math.max(saved.sinceMs, state.sinceMs), sessions: saved.sessions };
  merged.lastSuccessAtMs = Math.max(saved.lastSuccessAtMs ?? 0, state.lastSuccessAtMs ?? 0) || undefined;
  const rejected = Object.entries({ ...saved.rejected, ...state.rejected }).filter(([, items]) => items.length > 0);
  merged.rejected = rejected.length === 0 ? undefined : Object.fromEntries(rejected.slice(-MAX_SESSIONS));
  for (const [id, changedAtMs] of Object.entries(state.sessions)) {
    merged.sessions[id] = Math.max(merged.sessions[id] ?? 0, changedAtMs);
  }
  await writePrivateFile(file, JSON.stringify(prune(merged)));
}

/**
 * Notes what the server did not take of a session, in the place of what it had not taken before and has now.
 * @param result its `messages` were read and are on the server
 */
export function noteRejected(
  state: SyncState,
  sessionId: string,
  result: {
    readonly messages: Pick<ReadonlyMap<string, unknown>, "has">;
    readonly rejected: readonly Pick<Rejected, "externalId">[];
  },
): void {
  const items = new Set(result.rejected.map(({ externalId = sessionId }) => externalId));
  // The session itself goes with every upload: what was said of it before is outdated.
  const before = (state.rejected?.[sessionId] ?? []).filter((id) => id !== sessionId && !result.messages.has(id));
  for (const id of before) items.add(id);
  // Not a copy of the others: this is called for each of many thousand sessions.
  state.rejected ??= {};
  state.rejected[sessionId] = [...items].slice(0, MAX_REJECTED);
}

/** Items that the server did not take. */
export function countRejected({ rejected = {} }: Pick<SyncState, "rejected">): number {
  return Object.values(rejected).reduce((sum, items) => sum + items.length, 0);
}

/** Without what nobody asks for: sessions whose last change is before the beginning. */
function prune(state: SyncState): SyncState {
  const asked = Object.entries(state.sessions).filter(([, changedAtMs]) => changedAtMs > state.sinceMs);
  const entries = asked.sort(([, a], [, b]) => b - a);
  const dropped = entries.slice(MAX_SESSIONS);
  const sinceMs = Math.max(state.sinceMs, ...dropped.map(([, changedAtMs]) => changedAtMs));
  return { ...state, sinceMs, sessions: Object.fromEntries(entries.slice(0, MAX_SESSIONS)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
