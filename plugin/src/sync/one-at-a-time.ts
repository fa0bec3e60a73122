import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../config/config-error.ts";
import { readIfThere, writePrivateFile } from "../config/private-file.ts";
import { loadNodeSqlite } from "../sources/node-sqlite.ts";

/** A right that only one process has at a time. */
export type Lock = {
  readonly release: () => void;
};

/** SQLite's code for "somebody else holds it". */
const SQLITE_BUSY = 5;

/** SQLITE_OPEN_READWRITE. */
const READ_WRITE = 0x02;

/**
 * Takes a lock, unless another process has it. It is the operating system's lock on an empty SQLite file: when the
 * process ends, however it ends, the lock ends with it, so that no stale one can stand in anybody's way.
 * @param file absolute path; its folder is made when it is missing
 * @returns undefined: another process has it
 * @throws ConfigError, Error of the file system
 */
export async function tryLock(file: string): Promise<Lock | undefined> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite would make it readable for others.
  closeSync(openSync(file, "a", 0o600));
  const database = await openDatabase(file);
  try {
    // In an empty file the lock begins with a journal: one on a full disk would refuse it.
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError({
      message: `${file} cannot be locked: ${reason}`,
      hint: "It holds nothing: remove it, and see that the disk has room.",
    });
  }
  // Only to be shown.
  await writePrivateFile(holderFile(file), `${process.pid}\n`).catch(() => undefined);
  return { release: () => database.close() };
}

async function openDatabase(file: string): Promise<{ exec: (sql: string) => void; close: () => void }> {
  if ("Bun" in globalThis) {
    const { Database } = await import("bun:sqlite");
    const database = new Database(file, READ_WRITE);
    return { exec: (sql) => void database.query(sql).all(), close: () => database.close() };
  }
  const { DatabaseSync } = loadNodeSqlite();
  return new DatabaseSync(file);
}

/** Node and Bun keep the code in members of their own. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return [Reflect.get(error, "errcode"), Reflect.get(error, "errno")].includes(SQLITE_BUSY);
}

/** The process that has the lock, as far as it has said so. */
export async function holderOf(file: string): Promise<string | undefined> {
  return (await readIfThere(holderFile(file)))?.trim() || undefined;
}

/** Beside the lock: a locked file cannot be read. */
function holderFile(file: string): string {
  return `${file}.pid`;
}
