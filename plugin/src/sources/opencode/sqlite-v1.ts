import type { Message, Session } from "@opensync/client";
import type { ReadOnlyDatabase, Row } from "../read-only-database.ts";
import type { SessionEntry } from "../source.ts";
import { countOf, isData, parseJson, textOf } from "./json.ts";
import { mapMessage } from "./map-message.ts";
import { mapSession } from "./map-session.ts";
import { isPlaceholderTitle } from "./placeholder-title.ts";
import { hasOwnTotals, sessionFromRow, totalsOfRow } from "./session-row.ts";
import { inOneTransaction, inPages, PAGE_ROWS, storedRow } from "./sqlite-reading.ts";
import type { Store } from "./store.ts";
import { type Totals, TotalsCounter } from "./totals.ts";

/** Whether a database holds the sessions of OpenCode 1.2-1.18. */
export function hasTablesV1(tables: ReadonlySet<string>): boolean {
  return ["session", "message", "part"].every((table) => tables.has(table));
}

/** The sessions that OpenCode 1.2-1.18 keeps in a database. The table `event`, which can be gigabytes, is never read. */
export function openSqliteV1(database: ReadOnlyDatabase, tables: ReadonlySet<string>): Store {
  return {
    generation: 1,
    listSessions: async (changedSinceMs) => listSessions(database, changedSinceMs),
    changeMarks: async () => changeMarks(database, tables),
    changedAtMs: async (externalId) => changedAtMs(database, externalId),
    lastChangeMs: async (externalId) => lastChangeMs(database, externalId, ["message", "part"]),
    readSession: async (externalId) => readSession(database, tables, externalId),
    async *readMessages(externalId, messageIds) {
      for (const row of messageRows(database, externalId, messageIds)) {
        const message = inOneTransaction(database, () => readMessage(database, externalId, String(row["id"])));
        if (message !== undefined) yield message;
      }
    },
    close: database.close,
  };
}

function listSessions(database: ReadOnlyDatabase, changedSinceMs: number): SessionEntry[] {
  const rows = database.all("SELECT id, time_updated FROM session WHERE time_updated > ?", changedSinceMs);
  return rows.map((row) => ({ externalId: String(row["id"]), changedAtMs: countOf(row["time_updated"]) ?? 0 }));
}

/** Each change gets a number since 1.17; sessions that have none yet have at least a number of messages. */
function changeMarks(database: ReadOnlyDatabase, tables: ReadonlySet<string>): Map<string, string> {
  const count = "(SELECT count(*) FROM message WHERE session_id = s.id)";
  const changes = tables.has("event_sequence")
    ? `coalesce((SELECT 'e' || seq FROM event_sequence WHERE aggregate_id = s.id), ${count})`
    : count;
  const sql = `SELECT id, time_updated || ' ' || coalesce(time_archived, '') || ' ' || ${changes} AS mark FROM session s`;
  return new Map(database.all(sql).map((row) => [String(row["id"]), String(row["mark"])]));
}

function changedAtMs(database: ReadOnlyDatabase, externalId: string): number | undefined {
  const [row] = database.all("SELECT time_updated FROM session WHERE id = ?", externalId);
  return row === undefined ? undefined : (countOf(row["time_updated"]) ?? 0);
}

/** Messages alone cost an index and a few rows; with `part`, every part of the session is looked at. */
function lastChangeMs(database: ReadOnlyDatabase, externalId: string, tables: string[]): number | undefined {
  const changed = changedAtMs(database, externalId);
  if (changed === undefined) return undefined;
  const newest = tables.map((table) => {
    const [row] = database.all(`SELECT max(time_updated) AS changed FROM ${table} WHERE session_id = ?`, externalId);
    return countOf(row?.["changed"]) ?? 0;
  });
  return Math.max(changed, ...newest);
}

function readSession(database: ReadOnlyDatabase, tables: ReadonlySet<string>, externalId: string): Session | undefined {
  const stored = inOneTransaction(database, () => {
    const [row] = database.all("SELECT * FROM session WHERE id = ?", externalId);
    if (row === undefined) return undefined;
    const of = (table: string, sql: string, id: string) => (tables.has(table) ? database.all(sql, id) : []);
    const projectId = textOf(row["project_id"]) ?? "";
    return {
      row,
      project: of("project", "SELECT * FROM project WHERE id = ?", projectId)[0] ?? {},
      todos: of("todo", "SELECT * FROM todo WHERE session_id = ? ORDER BY position", externalId),
      firstPrompt: isPlaceholderTitle(row["title"]) ? firstPrompt(database, externalId) : undefined,
      lastChangeMs: lastChangeMs(database, externalId, ["message"]) ?? 0,
    };
  });
  if (stored === undefined) return undefined;
  // Outside of the transaction: it takes a while for a session of many thousand messages.
  const totals = hasOwnTotals(stored.row) ? totalsOfRow(stored.row) : totalsOfMessages(database, externalId);
  return mapSession(sessionFromRow({ ...stored, totals }));
}

const FIRST_PROMPT = `
  SELECT id FROM message
  WHERE session_id = ? AND CASE WHEN json_valid(data) THEN json_extract(data, '$.role') END = 'user'
  ORDER BY time_created, id LIMIT 1`;

function firstPrompt(database: ReadOnlyDatabase, externalId: string): string | undefined {
  const [row] = database.all(FIRST_PROMPT, externalId);
  return row === undefined ? undefined : readMessage(database, externalId, String(row["id"]))?.textContent;
}

const MESSAGE_FIGURES = `
  SELECT id, time_created,
         CASE WHEN json_valid(data) THEN json_object(
           'role', json_extract(data, '$.role'), 'cost', json_extract(data, '$.cost'),
           'modelID', json_extract(data, '$.modelID'), 'providerID', json_extract(data, '$.providerID'),
           'tokens', json_extract(data, '$.tokens')) END AS figures
  FROM message WHERE session_id = ? AND (time_created, id) > (?, ?) ORDER BY time_created, id LIMIT ${PAGE_ROWS}`;

function totalsOfMessages(database: ReadOnlyDatabase, externalId: string): Totals {
  const counter = new TotalsCounter();
  for (const row of inPages((after) => database.all(MESSAGE_FIGURES, externalId, ...keyOf(after)))) {
    const figures = typeof row["figures"] === "string" ? parseJson(row["figures"]) : undefined;
    if (isData(figures)) counter.add(figures);
  }
  return counter.totals;
}

const MESSAGE_IDS = `
  SELECT id, time_created FROM message
  WHERE session_id = ? AND (time_created, id) > (?, ?) ORDER BY time_created, id LIMIT ${PAGE_ROWS}`;

/** The columns of the index that orders messages, as they are in a row; before the first one without. */
function keyOf(row: Row | undefined): [number, string] {
  return row === undefined ? [-1, ""] : [Number(row["time_created"]), String(row["id"])];
}

/** Ids oldest first. A few wanted ones are looked up one by one: the session may have thousands. */
function messageRows(
  database: ReadOnlyDatabase,
  externalId: string,
  messageIds: ReadonlySet<string> | undefined,
): Iterable<Row> {
  if (messageIds === undefined) return inPages((after) => database.all(MESSAGE_IDS, externalId, ...keyOf(after)));
  const sql = "SELECT id, time_created FROM message WHERE id = ? AND session_id = ?";
  const rows = [...messageIds].flatMap((id) => database.all(sql, id, externalId));
  return rows.sort((a, b) => {
    const [[aMs, aId], [bMs, bId]] = [keyOf(a), keyOf(b)];
    return aMs - bMs || (aId < bId ? -1 : 1);
  });
}

function readMessage(database: ReadOnlyDatabase, externalId: string, id: string): Message | undefined {
  const [row] = database.all("SELECT id, time_created, time_updated, data FROM message WHERE id = ?", id);
  if (row === undefined) return undefined;
  const sql = "SELECT id, time_created, time_updated, data FROM part WHERE message_id = ? ORDER BY id";
  return mapMessage(externalId, storedRow(row), database.all(sql, id).map(storedRow));
}
