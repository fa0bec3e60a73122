import { resolve, sep } from "node:path";
import { UsageError } from "../io/cli-errors.ts";
import type { SessionEntry, StoreReader } from "../sources/source.ts";
import type { Given, Option } from "./command.ts";

/** Options that choose some of the sessions of a store. */
export const SELECT_OPTIONS: Readonly<Record<string, Option>> = {
  source: { type: "string", valueHint: "<agent>", description: "Only sessions of this agent: opencode" },
  session: { type: "string", valueHint: "<id>", description: "Only this session" },
  project: { type: "string", valueHint: "<folder>", description: "Only sessions in this folder or below it" },
  since: { type: "string", valueHint: "<time>", description: "Only what changed since: 2026-11-01, or 7d, 12h, 30m" },
};

/** Which sessions are wanted; what is absent excludes nothing. */
export type Selection = {
  readonly session?: string;
  /** Absolute path. */
  readonly project?: string;
  /** Epoch ms. */
  readonly sinceMs?: number;
};

/**
 * Reads the options above.
 * @param sources ids of the agents that can be read
 * @throws UsageError for an agent that cannot be read, or a time that is none
 */
export function readSelection(given: Given, sources: readonly string[], nowMs: number): Selection {
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : undefined);
  const [source, session, project, since] = ["source", "session", "project", "since"].map(text);
  if (source !== undefined && !sources.includes(source)) {
    throw new UsageError({
      message: `"${source}" is no agent that can be read`,
      hint: `There is: ${sources.join(", ")}`,
    });
  }
  return {
    ...(session === undefined ? {} : { session }),
    ...(project === undefined ? {} : { project: resolve(project) }),
    ...(since === undefined ? {} : { sinceMs: parseSince(since, nowMs) }),
  };
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

function parseSince(text: string, nowMs: number): number {
  const [, amount, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (amount !== undefined) return nowMs - Number(amount) * (UNITS_MS[unit] ?? 0);
  // Without a year, Date.parse takes almost anything for one.
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new UsageError({
    message: `"${text}" is no time`,
    hint: "Give a date as 2026-11-01, or a span as 7d, 12h, 30m.",
  });
}

/**
 * The wanted sessions of a store, newest change first.
 * @throws UsageError when one is wanted that is not there
 */
export async function selectSessions(reader: StoreReader, selection: Selection): Promise<SessionEntry[]> {
  const { session, project, sinceMs = 0 } = selection;
  const entries = await reader.listSessions(sinceMs);
  const wanted: SessionEntry[] = [];
  for (const entry of entries) {
    if (session !== undefined && entry.externalId !== session) continue;
    if (project !== undefined && !(await isIn(reader, entry.externalId, project))) continue;
    wanted.push(entry);
  }
  if (session === undefined || wanted.length > 0 || (await reader.readSession(session)) !== undefined) return wanted;
  throw new UsageError({
    message: `there is no session "${session}" in the store`,
    hint: "Take an id from the dashboard, or from: opencode session list",
  });
}

async function isIn(reader: StoreReader, externalId: string, project: string): Promise<boolean> {
  const path = (await reader.readSession(externalId))?.projectPath;
  return path !== undefined && (path === project || path.startsWith(project.endsWith(sep) ? project : project + sep));
}
