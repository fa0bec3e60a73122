import type { Message, Session } from "@opensync/client";
import type { Environment } from "../../environment.ts";
import { openReadOnly, type ReadOnlyDatabase, type Row } from "../read-only-database.ts";
import { type SessionEntry, StoreError, type StoreReader } from "../source.ts";
import { countOf, textOf } from "./json.ts";
import { locateDatabases } from "./locate.ts";
import { mapMessage, type StoredRow } from "./map-message.ts";
import { type MessageTotals, mapSession } from "./map-session.ts";

/** A database and what a session needs of it. */
type Store = { readonly database: ReadOnlyDatabase; readonly tables: ReadonlySet<string> };

/**
 * Opens every database of OpenCode 1.2-1.18 on this machine. A session that is in several is read from the one that
 * changed it last.
 * @throws StoreError when there is none, or none of them can be read
 */
export async function openStore(env: Environment): Promise<StoreReader> {
  const files = locateDatabases(env);
  const stores: Store[] = [];
  const failures: string[] = [];
  for (const file of files) {
    try {
      stores.push(await openDatabase(file));
    } catch (error) {
      failures.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (stores.length > 0) return reader(stores);
  throw unreadable(failures);
}

function unreadable(failures: readonly string[]): StoreError {
  if (failures.length === 0) {
    const message = "OpenCode has no sessions on this machine yet";
    return new StoreError({ message, hint: "Start OpenCode once: it then creates its database." });
  }
  const message = `cannot read OpenCode's sessions (${failures.join("; ")})`;
  return new StoreError({
    message,
    hint: "Check that the file can be read, and that it is from OpenCode 1.2 to 1.18.",
  });
}

async function openDatabase(file: string): Promise<Store> {
  const database = await openReadOnly(file);
  try {
    const rows = database.all("SELECT name FROM sqlite_master WHERE type = 'table'");
    const tables = new Set(rows.map((row) => String(row["name"])));
    if (!["session", "message", "part"].every((table) => tables.has(table))) {
      throw new Error("not a database of OpenCode 1.2-1.18");
    }
    return { database, tables };
  } catch (error) {
    database.close();
    throw error;
  }
}

function reader(stores: readonly Store[]): StoreReader {
  const storeOf = (externalId: string) => newestStore(stores, externalId);
  return {
    listSessions: async (changedSinceMs) => listSessions(stores, changedSinceMs),
    lastChangeMs: async (externalId) => {
      const store = storeOf(externalId);
      return store && lastChangeMs(store.database, externalId, "part");
    },
    readSession: async (externalId) => {
      const store = storeOf(externalId);
      return store && inOneTransaction(store.database, () => readSession(store, externalId));
    },
    async *readMessages(externalId, messageIds) {
      const store = storeOf(externalId);
      if (store !== undefined) yield* readMessages(store.database, externalId, messageIds);
    },
    close: () => {
      for (const { database } of stores) database.close();
    },
  };
}

function listSessions(stores: readonly Store[], changedSinceMs: number): SessionEntry[] {
  const newest = new Map<string, number>();
  for (const { database } of stores) {
    for (const row of database.all("SELECT id, time_updated FROM session WHERE time_updated > ?", changedSinceMs)) {
      const id = String(row["id"]);
      newest.set(id, Math.max(newest.get(id) ?? 0, countOf(row["time_updated"]) ?? 0));
    }
  }
  const entries = [...newest].map(([externalId, changedAtMs]) => ({ externalId, changedAtMs }));
  return entries.sort((a, b) => b.changedAtMs - a.changedAtMs);
}

function newestStore(stores: readonly Store[], externalId: string): Store | undefined {
  const found = stores.flatMap((store) => {
    const [row] = store.database.all("SELECT time_updated FROM session WHERE id = ?", externalId);
    return row === undefined ? [] : [{ store, changedAtMs: countOf(row["time_updated"]) ?? 0 }];
  });
  return found.sort((a, b) => b.changedAtMs - a.changedAtMs)[0]?.store;
}

/** Without parts the answer costs an index and a few rows; with them, every part of the session is looked at. */
function lastChangeMs(database: ReadOnlyDatabase, externalId: string, depth: "message" | "part"): number {
  const tables = ["message", ...(depth === "part" ? ["part"] : [])];
  const [session] = database.all("SELECT time_updated AS changed FROM session WHERE id = ?", externalId);
  const rows = tables.flatMap((table) =>
    database.all(`SELECT max(time_updated) AS changed FROM ${table} WHERE session_id = ?`, externalId),
  );
  return Math.max(0, ...[session, ...rows].map((row) => countOf(row?.["changed"]) ?? 0));
}

function readSession({ database, tables }: Store, externalId: string): Session | undefined {
  const [row] = database.all("SELECT * FROM session WHERE id = ?", externalId);
  if (row === undefined) return undefined;
  const projectId = textOf(row["project_id"]) ?? "";
  const project = tables.has("project") ? database.all("SELECT * FROM project WHERE id = ?", projectId)[0] : undefined;
  const todos = tables.has("todo")
    ? database.all("SELECT * FROM todo WHERE session_id = ? ORDER BY position", externalId)
    : [];
  const todosChangedAtMs = todos.map((todo) => countOf(todo["time_updated"]) ?? 0);
  return mapSession({
    row,
    project: project ?? {},
    todos,
    fromMessages: () => totalsOfMessages(database, externalId),
    lastChangeMs: Math.max(lastChangeMs(database, externalId, "message"), ...todosChangedAtMs),
  });
}

const TOTALS = `
  SELECT total(json_extract(data, '$.tokens.input')) AS input,
         total(json_extract(data, '$.tokens.output')) AS output,
         total(json_extract(data, '$.tokens.reasoning')) AS reasoning,
         total(json_extract(data, '$.tokens.cache.read')) AS cacheRead,
         total(json_extract(data, '$.tokens.cache.write')) AS cacheWrite,
         total(json_extract(data, '$.cost')) AS cost
  FROM message WHERE session_id = ? AND json_valid(data)`;

const LAST_MODEL = `
  SELECT json_extract(data, '$.modelID') AS model, json_extract(data, '$.providerID') AS provider
  FROM message WHERE session_id = ? AND json_valid(data) AND json_extract(data, '$.role') = 'assistant'
  ORDER BY time_created DESC, id DESC LIMIT 1`;

function totalsOfMessages(database: ReadOnlyDatabase, externalId: string): MessageTotals {
  const [totals = {}] = database.all(TOTALS, externalId);
  const [last = {}] = database.all(LAST_MODEL, externalId);
  const count = (column: string) => countOf(totals[column]) ?? 0;
  const reasoning = count("reasoning");
  const model = textOf(last["model"]);
  const provider = textOf(last["provider"]);
  return {
    ...(model === undefined ? {} : { model }),
    ...(provider === undefined ? {} : { provider }),
    cost: Number(totals["cost"] ?? 0),
    tokens: {
      input: count("input"),
      cacheRead: count("cacheRead"),
      cacheWrite: count("cacheWrite"),
      output: count("output") + reasoning,
      reasoning,
    },
  };
}

function* readMessages(
  database: ReadOnlyDatabase,
  externalId: string,
  messageIds: ReadonlySet<string> | undefined,
): Generator<Message> {
  for (const id of orderedIds(database, externalId, messageIds)) {
    const message = inOneTransaction(database, () => readMessage(database, externalId, id));
    if (message !== undefined) yield message;
  }
}

/** Ids oldest first. A few wanted ones are looked up one by one: the session may have thousands. */
function orderedIds(
  database: ReadOnlyDatabase,
  externalId: string,
  messageIds: ReadonlySet<string> | undefined,
): string[] {
  if (messageIds === undefined) {
    const sql = "SELECT id FROM message WHERE session_id = ? ORDER BY time_created, id";
    return database.all(sql, externalId).map((row) => String(row["id"]));
  }
  const sql = "SELECT id, time_created FROM message WHERE id = ? AND session_id = ?";
  const rows = [...messageIds].flatMap((id) => database.all(sql, id, externalId));
  const found = rows.map((row) => ({ id: String(row["id"]), createdAtMs: countOf(row["time_created"]) ?? 0 }));
  found.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
  return found.map(({ id }) => id);
}

function readMessage(database: ReadOnlyDatabase, externalId: string, id: string): Message | undefined {
  const [row] = database.all("SELECT id, time_created, time_updated, data FROM message WHERE id = ?", id);
  if (row === undefined) return undefined;
  const parts = database.all(
    "SELECT id, time_created, time_updated, data FROM part WHERE message_id = ? ORDER BY id",
    id,
  );
  return mapMessage(externalId, storedRow(row), parts.map(storedRow));
}

function storedRow(row: Row): StoredRow {
  return {
    id: String(row["id"]),
    createdAtMs: countOf(row["time_created"]) ?? 0,
    updatedAtMs: countOf(row["time_updated"]) ?? 0,
    data: typeof row["data"] === "string" ? row["data"] : "",
  };
}

/** Rows that belong together, as they were at one moment. Short: an open read keeps OpenCode's WAL from shrinking. */
function inOneTransaction<Result>(database: ReadOnlyDatabase, read: () => Result): Result {
  database.all("BEGIN");
  try {
    return read();
  } finally {
    database.all("COMMIT");
  }
}
