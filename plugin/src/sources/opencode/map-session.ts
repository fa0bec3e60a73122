import { basename } from "node:path";
import type { Session, Todo, Tokens } from "@opensync/client";
import type { Row, Value } from "../read-only-database.ts";
import { compact, countOf, type Data, dataOf, isData, parseJson, textOf } from "./json.ts";
import { reportedCost } from "./map-message.ts";

/** Columns that hold JSON; everything else is a plain value. */
const JSON_COLUMNS = ["model", "metadata", "permission", "revert", "summary_diffs"];

/** Sums over the messages of a session, and the model that answered last. */
export type MessageTotals = {
  readonly model?: string;
  readonly provider?: string;
  readonly tokens: Tokens;
  readonly cost: number;
};

/** All that is stored about one session beside its messages. */
export type StoredSession = {
  /** The row of `session`, with whatever columns this version of OpenCode has. */
  readonly row: Row;
  /** The row of `project` that it belongs to. */
  readonly project: Row;
  /** Rows of `todo`, in order. */
  readonly todos: readonly Row[];
  /** What its messages say: asked only for versions that keep no such columns in `session`. */
  readonly fromMessages: () => MessageTotals;
  /** When the session, its messages or its to-do list changed last, epoch ms. */
  readonly lastChangeMs: number;
};

/**
 * Maps a session to the contract, without hash. The whole row stays in `meta`, JSON columns parsed: a restore takes it
 * from there, everything else is made for reading.
 * @returns the session; nothing observed (git, device) is in it
 */
export function mapSession({ row, project, todos, fromMessages, lastChangeMs }: StoredSession): Session {
  const meta = keepRow(row);
  const model = dataOf(meta["model"]);
  const directory = textOf(row["directory"]);
  const totals = "tokens_input" in row && "model" in row ? undefined : fromMessages();
  const cost = reportedCost(totals === undefined ? row["cost"] : totals.cost);
  return compact({
    externalId: String(row["id"]),
    source: "opencode",
    title: textOf(row["title"]),
    projectPath: directory,
    projectName: projectName(project, directory),
    agentVersion: textOf(row["version"]),
    model: textOf(model["id"]) ?? totals?.model,
    provider: textOf(model["providerID"]) ?? totals?.provider,
    parentExternalId: textOf(row["parent_id"]),
    tokens: totals === undefined ? tokensOf(row) : totals.tokens,
    cost,
    costSource: cost === undefined ? undefined : ("reported" as const),
    createdAt: countOf(row["time_created"]),
    updatedAt: lastChangeMs,
    archivedAt: countOf(row["time_archived"]),
    todos: todos.length > 0 ? todos.map(mapTodo) : undefined,
    meta,
  });
}

function keepRow(row: Row): Data {
  const entries = Object.entries(row).filter(([, value]) => value !== null && !(value instanceof Uint8Array));
  return Object.fromEntries(entries.map(([column, value]) => [column, keepValue(column, value)]));
}

/** A JSON column is parsed when it holds an object or a list; whatever else it holds stays the text that it is. */
function keepValue(column: string, value: Value): unknown {
  if (typeof value !== "string" || !JSON_COLUMNS.includes(column)) return value;
  const parsed = parseJson(value);
  return isData(parsed) || Array.isArray(parsed) ? parsed : value;
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

/** The name that the user gave the project, or else of its checkout; sessions outside of any have the root as worktree. */
function projectName(project: Row, directory: string | undefined): string | undefined {
  const worktree = textOf(project["worktree"]);
  const folder = worktree === undefined || worktree === "/" ? directory : worktree;
  return textOf(project["name"]) ?? (folder === undefined ? undefined : basename(folder) || undefined);
}

function mapTodo(row: Row): Todo {
  const { content, status, priority } = row;
  return compact({ content: textOf(content) ?? "", status: textOf(status) ?? "", priority: textOf(priority) });
}
