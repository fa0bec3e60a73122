import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { readIfThere, writePrivateFile } from "../config/private-file.ts";
import { loadNodeSqlite } from "../sources/node-sqlite.ts";

/** A right that only one process has at a time. */
export type Lock = {
  readonly release: () => void;
};

/** SQLite's code for "somebody else holds it". */
const SQLITE_BUSY = 5;

/**
 * Takes a lock, unless another process has it. It is the operating system's lock on an empty SQLite file: when the
 * process ends, however it ends, the lock ends with it, so that no stale one can stand in anybody's way.
 * @param file absolute path; its folder is made when it is missing
 * @returns undefined: another process has it
 */
export async function tryLock(file: string): Promise<Lock | undefined> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite would make it readable for others.
  closeSync(openSync(file, "a", 0o600));
  const { DatabaseSync } = loadNodeSqlite();
  const database = new DatabaseSync(file);
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  await writePrivateFile(holderFile(file), `${process.pid}\n`);
  return { release: () => database.close() };
}

/** The process that has the lock, as far as it has said so. */
export async function holderOf(file: string): Promise<string | undefined> {
  return (await readIfThere(holderFile(file)))?.trim() || undefined;
}

/** Beside the lock: a locked file cannot be read. */
function holderFile(file: string): string {
  return `${file}.pid`;
}
