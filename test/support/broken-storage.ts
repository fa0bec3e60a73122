import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestServer } from "./server.ts";

// What goes wrong with a database below a running server, done to its real file.

/** Without these nobody is known any more; PocketBase's own begin with an underscore. */
const ACCOUNTS = ["users", "api_keys"];

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly rootpage: number;
}

/** Keeps everybody else from writing, as a backup does, until the returned function is called. */
export function lockDatabase(server: TestServer): () => void {
  const database = new DatabaseSync(databaseOf(server), { timeout: 10_000 });
  database.exec("BEGIN IMMEDIATE");
  return () => {
    database.exec("ROLLBACK");
    database.close();
  };
}

/** Overwrites the whole file, as a broken disk does. */
export function eraseDatabase(server: TestServer): void {
  const file = databaseOf(server);
  changeBeside(server, () => undefined);
  overwrite(file, 0, new Uint8Array(statSync(file).size));
}

/** Overwrites the beginning of every table and index but those of accounts. */
export function damageContent(server: TestServer): void {
  let places: { start: number; pageSize: number }[] = [];
  changeBeside(server, (database) => {
    const pageSize = Number(database.prepare("PRAGMA page_size").get()?.["page_size"]);
    places = entries(database)
      .filter(({ rootpage, tbl_name }) => rootpage > 1 && isContent(tbl_name))
      .map(({ rootpage }) => ({ start: (rootpage - 1) * pageSize, pageSize }));
  });
  for (const { start, pageSize } of places) {
    overwrite(databaseOf(server), start, new Uint8Array(pageSize).fill(0xff));
  }
}

/** Removes every table but those of accounts, as somebody may who changes the database by hand. */
export function dropContent(server: TestServer): void {
  drop(server, isContent);
}

/** Removes the tables of accounts. */
export function dropAccounts(server: TestServer): void {
  drop(server, (table) => ACCOUNTS.includes(table));
}

function isContent(table: string): boolean {
  return !ACCOUNTS.includes(table) && !table.startsWith("_") && !table.startsWith("sqlite_");
}

function drop(server: TestServer, isMeant: (table: string) => boolean): void {
  changeBeside(server, (database) => {
    const all = entries(database);
    // Triggers would refuse to see a table go that they speak of.
    for (const { type, name } of all) if (type === "trigger") database.exec(`DROP TRIGGER "${name}"`);
    const tables = all.filter(({ type, name }) => type === "table" && isMeant(name));
    // The tables of an index of words go with it.
    for (const { name } of tables.toSorted((a, b) => a.rootpage - b.rootpage)) {
      database.exec(`DROP TABLE IF EXISTS "${name}"`);
    }
  });
}

function entries(database: DatabaseSync): Entry[] {
  const rows = database
    .prepare("SELECT type, name, tbl_name, coalesce(rootpage, 0) AS rootpage FROM sqlite_schema")
    .all();
  return rows.map((row) => ({
    type: String(row["type"]),
    name: String(row["name"]),
    tbl_name: String(row["tbl_name"]),
    rootpage: Number(row["rootpage"]),
  }));
}

/**
 * Does something in another process's name, and leaves all of it in the file itself. It writes in any case: else the
 * server would go on answering from the pages that it has in memory.
 */
function changeBeside(server: TestServer, change: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(databaseOf(server), { enableForeignKeyConstraints: false, timeout: 10_000 });
  database.exec("CREATE TABLE written_by_another_process (id INTEGER)");
  change(database);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

function overwrite(file: string, start: number, bytes: Uint8Array): void {
  const handle = openSync(file, "r+");
  writeSync(handle, bytes, 0, bytes.length, start);
  closeSync(handle);
}

function databaseOf(server: TestServer): string {
  return join(server.dataDir, "data.db");
}
