import { OpenSyncError } from "@opensync/client";

/** A store is missing or cannot be read. The message names the file. */
export class StoreError extends OpenSyncError {
  override readonly name = "StoreError";
  override readonly kind = "store";
  override readonly retryable = false;
}

/** What SQLite and the file system say, and what a person can do about it. */
const HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/locked|busy/i, "Another program holds the file. End it, or try again in a moment."],
  [
    /malformed|not a database|corrupt/i,
    "The file is damaged. Restore it from a backup, or repair it: sqlite3 FILE .recover",
  ],
  [/permission|EACCES|EPERM|readonly|unable to open/i, "Check that you may read the file and its folder."],
];

/**
 * The error of a driver or of the file system, with the file that it is about.
 * @param hint used when the reason is none of the usual ones
 */
export function storeErrorFrom(file: string, error: unknown, hint = "Check that the file can be read."): StoreError {
  if (error instanceof StoreError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const known = HINTS.find(([pattern]) => pattern.test(reason))?.[1];
  return new StoreError({ message: `cannot read ${file}: ${reason}`, hint: known ?? hint, cause: error });
}
