import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { loadNodeSqlite } from "./node-sqlite.ts";
import { storeErrorFrom } from "./store-error.ts";

/** A column value: SQLite's own types, integers as numbers. */
export type Value = string | number | null | Uint8Array;

/** One row, by column name. */
export type Row = Readonly<Record<string, Value>>;

/** An SQLite file opened for reading only, the same under Node and Bun. */
export type ReadOnlyDatabase = {
  /** Absolute path. */
  readonly file: string;
  /**
   * All rows of one statement; `?` are bound in order. Each statement is compiled once. There is no cursor on purpose:
   * an open one would keep the agent's write-ahead log from shrinking, so large tables are read in pages.
   * @throws StoreError that names the file
   */
  readonly all: (sql: string, ...parameters: (string | number)[]) => Row[];
  readonly close: () => void;
};

/** What a driver gives. */
type Driver = Pick<ReadOnlyDatabase, "close"> & {
  readonly all: (sql: string, ...parameters: (string | number)[]) => unknown[];
};

/**
 * How long a statement waits for a lock, ms. A reader of a WAL database waits only while the writer recovers or
 * resets it; longer than this, the agent's own process would be seen to stall.
 */
const BUSY_TIMEOUT_MS = 1_000;

/**
 * Opens a database beside a program that writes to it.
 *
 * A WAL database needs its `-shm` file, which SQLite cannot make in a folder that it may not write to. Nobody else
 * writes there then, as a rule: the file is read as it is, without what is still in the `-wal`.
 * @param file absolute path
 * @throws StoreError that names the file
 */
export async function openReadOnly(file: string): Promise<ReadOnlyDatabase> {
  const open = "Bun" in globalThis ? await bunDriver() : nodeDriver();
  try {
    return prepare(file, open(file));
  } catch (error) {
    if (!existsSync(file) || existsSync(`${file}-shm`) || !isRefusedByFolder(error)) throw storeErrorFrom(file, error);
  }
  try {
    return prepare(file, open(`${pathToFileURL(file).href}?immutable=1`));
  } catch (error) {
    throw storeErrorFrom(file, error);
  }
}

/** SQLITE_CANTOPEN of older releases, SQLITE_READONLY_DIRECTORY of newer ones; Bun and Node differ in the error's members. */
function isRefusedByFolder(error: unknown): boolean {
  return error instanceof Error && /unable to open|readonly database/i.test(error.message);
}

/** A driver opens lazily: the first statement is where it fails. */
function prepare(file: string, driver: Driver): ReadOnlyDatabase {
  const all = (sql: string, ...parameters: (string | number)[]) => driver.all(sql, ...parameters).map(toRow);
  try {
    // Query-only is the second line of defence: even a mistaken statement cannot change the agent's data.
    for (const pragma of [`busy_timeout = ${BUSY_TIMEOUT_MS}`, "query_only = ON"]) all(`PRAGMA ${pragma}`);
    all("SELECT 1 FROM sqlite_master LIMIT 1");
  } catch (error) {
    driver.close();
    throw error;
  }
  return {
    file,
    all: (sql, ...parameters) => {
      try {
        return all(sql, ...parameters);
      } catch (error) {
        throw storeErrorFrom(file, error);
      }
    },
    close: driver.close,
  };
}

/** SQLITE_OPEN_READONLY and SQLITE_OPEN_URI. */
const READ_ONLY_URI = 0x01 | 0x40;

async function bunDriver(): Promise<(file: string) => Driver> {
  const { Database } = await import("bun:sqlite");
  return (file) => {
    const database = new Database(file, READ_ONLY_URI);
    return {
      all: (sql, ...parameters) => database.query(sql).all(...parameters),
      close: () => database.close(),
    };
  };
}

function nodeDriver(): (file: string) => Driver {
  const { DatabaseSync } = loadNodeSqlite();
  return (file) => {
    const database = new DatabaseSync(file, { readOnly: true });
    const statements = new Map<string, ReturnType<typeof database.prepare>>();
    return {
      all: (sql, ...parameters) => {
        const statement = statements.get(sql) ?? database.prepare(sql);
        statements.set(sql, statement);
        return statement.all(...parameters);
      },
      close: () => database.close(),
    };
  };
}

function toRow(row: unknown): Row {
  const out: Record<string, Value> = {};
  if (typeof row !== "object" || row === null) return out;
  for (const column of Object.keys(row)) out[column] = toValue(Reflect.get(row, column));
  return out;
}

function toValue(value: unknown): Value {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  if (value instanceof Uint8Array) return value;
  return typeof value === "bigint" ? Number(value) : null;
}
