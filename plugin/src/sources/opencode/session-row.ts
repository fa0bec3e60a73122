import type { Tokens } from "@opensync/client";
import type { Row, Value } from "../read-only-database.ts";
import { countOf, type Data, dataOf, isData, parseJson, textOf } from "./json.ts";
import type { StoredSession } from "./map-session.ts";
import { mapTodo } from "./map-todo.ts";
import { reportedCost } from "./reported-cost.ts";
import type { Totals } from "./totals.ts";

/** Columns that hold JSON; everything else is a plain value. */
export const JSON_COLUMNS = ["model", "metadata", "permission", "revert", "summary_diffs"];

/** A row of `session` (1.2-1.18) or `session_v2` (2.x), with whatever columns this version has, and what belongs to it. */
export type SessionRow = {
  readonly row: Row;
  readonly project: Row;
  readonly todos: readonly Row[];
  readonly totals: Totals;
  readonly firstPrompt: string | undefined;
  /** When the session or its messages changed last, epoch ms; the to-do entries have their own times. */
  readonly lastChangeMs: number;
};

/** What a session is mapped from, out of its row. */
export function sessionFromRow({ row, project, todos, totals, firstPrompt, lastChangeMs }: SessionRow): StoredSession {
  return {
    id: String(row["id"]),
    record: recordOf(row),
    title: row["title"],
    directory: row["directory"],
    version: row["version"],
    parentId: row["parent_id"],
    forkedFromId: row["fork_session_id"],
    createdAt: row["time_created"],
    archivedAt: row["time_archived"],
    project: { name: project["name"], worktree: project["worktree"] },
    todos: todos.map(mapTodo),
    totals,
    firstPrompt,
    lastChangeMs: Math.max(lastChangeMs, ...todos.map((todo) => countOf(todo["time_updated"]) ?? 0)),
  };
}

/** The columns that have a value, JSON parsed. */
function recordOf(row: Row): Data {
  const entries = Object.entries(row).filter(([, value]) => value !== null && !(value instanceof Uint8Array));
  return Object.fromEntries(entries.map(([column, value]) => [column, recordValue(column, value)]));
}

/** A JSON column is parsed when it holds an object or a list; whatever else it holds stays the text that it is. */
function recordValue(column: string, value: Value): unknown {
  if (typeof value !== "string" || !JSON_COLUMNS.includes(column)) return value;
  const parsed = parseJson(value);
  return isData(parsed) || Array.isArray(parsed) ? parsed : value;
}

/** The first version whose counts of output leave reasoning out, so that sums of columns mean what they say. */
const REASONING_BESIDE_OUTPUT = [1, 14];

/**
 * Whether the totals in the row can be used. Versions before 1.15 have no such columns; where a later one has added up
 * the messages of a version that counted reasoning as output too, it would count twice.
 */
export function hasOwnTotals(row: Row): boolean {
  // A session of an older version keeps an empty model after an upgrade, until it is used again.
  if (!("tokens_input" in row) || typeof row["model"] !== "string") return false;
  const [major = 0, minor = 0] = String(row["version"]).split(".").map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = REASONING_BESIDE_OUTPUT;
  const isOld = major < sinceMajor || (major === sinceMajor && minor < sinceMinor);
  return !isOld || !countOf(row["tokens_reasoning"]);
}

/** The totals that OpenCode keeps itself. */
export function totalsOfRow(row: Row): Totals {
  const model = dataOf(parseJson(String(row["model"])));
  return {
    model: textOf(model["id"]),
    provider: textOf(model["providerID"]),
    tokens: tokensOf(row),
    cost: reportedCost(row["cost"]),
  };
}

function tokensOf(row: Row): Tokens {
  const count = (column: string) => countOf(row[column]) ?? 0;
  const reasoning = count("tokens_reasoning");
  return {
    input: count("tokens_input"),
    cacheRead: count("tokens_cache_read"),
    cacheWrite: count("tokens_cache_write"),
    output: count("tokens_output") + reasoning,
    reasoning,
  };
}
