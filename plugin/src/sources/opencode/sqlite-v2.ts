import type { Message, Session } from "@opensync/client";
import type { ReadOnlyDatabase, Row } from "../read-only-database.ts";
import type { SessionEntry } from "../source.ts";
import { countOf, dataOf, parseJson, textOf } from "./json.ts";
import { type EntryRow, mapEntry } from "./map-entry.ts";
import { mapSession } from "./map-session.ts";
import { isPlaceholderTitle } from "./placeholder-title.ts";
import { sessionFromRow, totalsOfRow } from "./session-row.ts";
import { inOneTransaction, inPages, PAGE_ROWS, storedRow } from "./sqlite-reading.ts";
import type { Store } from "./store.ts";

/** Whether a database holds the sessions of OpenCode 2.x. Versions from 1.15 on have `session_message` too, almost empty. */
export function hasTablesV2(tables: ReadonlySet<string>): boolean {
  return tables.has("session_v2") && tables.has("session_message");
}

/** The sessions that OpenCode 2.x keeps in a database. Written from its documentation, not seen: see `EVIDENCE.md`. */
export function openSqliteV2(database: ReadOnlyDatabase, tables: ReadonlySet<string>): Store {
  return {
    generation: 2,
    listSessions: async (changedSinceMs) => listSessions(database, changedSinceMs),
    changeMarks: async () => changeMarks(database),
    changedAtMs: async (externalId) => changedAtMs(database, externalId),
    lastChangeMs: async (externalId) => lastChangeMs(database, externalId),
    readSession: async (externalId) => inOneTransaction(database, () => readSession(database, tables, externalId)),
    async *readMessages(externalId, messageIds) {
      for (const row of entryRows(database, externalId)) {
        const id = String(row["id"]);
        if (messageIds !== undefined && !messageIds.has(id)) continue;
        const message = readEntry(database, externalId, id);
        if (message !== undefined) yield message;
      }
    },
    close: database.close,
  };
}

function listSessions(database: ReadOnlyDatabase, changedSinceMs: number): SessionEntry[] {
  const rows = database.all("SELECT id, time_updated FROM session_v2 WHERE time_updated > ?", changedSinceMs);
  return rows.map((row) => ({ externalId: String(row["id"]), changedAtMs: countOf(row["time_updated"]) ?? 0 }));
}

function changeMarks(database: ReadOnlyDatabase): Map<string, string> {
  const sql = `SELECT id, time_updated || ' ' || coalesce(time_archived, '') || ' '
    || (SELECT count(*) FROM session_message WHERE session_id = s.id) AS mark FROM session_v2 s`;
  return new Map(database.all(sql).map((row) => [String(row["id"]), String(row["mark"])]));
}

function changedAtMs(database: ReadOnlyDatabase, externalId: string): number | undefined {
  const [row] = database.all("SELECT time_updated FROM session_v2 WHERE id = ?", externalId);
  return row === undefined ? undefined : (countOf(row["time_updated"]) ?? 0);
}

function lastChangeMs(database: ReadOnlyDatabase, externalId: string): number | undefined {
  const changed = changedAtMs(database, externalId);
  if (changed === undefined) return undefined;
  const sql = "SELECT max(time_updated) AS changed FROM session_message WHERE session_id = ?";
  return Math.max(changed, countOf(database.all(sql, externalId)[0]?.["changed"]) ?? 0);
}

function readSession(database: ReadOnlyDatabase, tables: ReadonlySet<string>, externalId: string): Session | undefined {
  const [row] = database.all("SELECT * FROM session_v2 WHERE id = ?", externalId);
  if (row === undefined) return undefined;
  const project = tables.has("project")
    ? database.all("SELECT * FROM project WHERE id = ?", textOf(row["project_id"]) ?? "")[0]
    : undefined;
  return mapSession(
    sessionFromRow({
      row,
      project: project ?? {},
      todos: [],
      totals: totalsOfRow(row),
      firstPrompt: isPlaceholderTitle(row["title"]) ? firstPrompt(database, externalId) : undefined,
      lastChangeMs: lastChangeMs(database, externalId) ?? 0,
    }),
  );
}

function firstPrompt(database: ReadOnlyDatabase, externalId: string): string | undefined {
  const sql = "SELECT data FROM session_message WHERE session_id = ? AND type = 'user' ORDER BY seq LIMIT 1";
  return textOf(dataOf(parseJson(String(database.all(sql, externalId)[0]?.["data"])))["text"]);
}

function entryRows(database: ReadOnlyDatabase, externalId: string): Iterable<Row> {
  const sql = `SELECT id, seq FROM session_message WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT ${PAGE_ROWS}`;
  return inPages((after) => database.all(sql, externalId, after === undefined ? -1 : Number(after["seq"])));
}

function readEntry(database: ReadOnlyDatabase, externalId: string, id: string): Message | undefined {
  const sql = "SELECT id, type, time_created, time_updated, data FROM session_message WHERE session_id = ? AND id = ?";
  const [row] = database.all(sql, externalId, id);
  if (row === undefined) return undefined;
  const entry: EntryRow = { ...storedRow(row), type: String(row["type"]) };
  return mapEntry(externalId, entry);
}
