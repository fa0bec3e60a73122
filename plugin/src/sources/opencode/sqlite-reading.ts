import type { ReadOnlyDatabase, Row } from "../read-only-database.ts";
import { countOf } from "./json.ts";
import type { StoredRow } from "./map-message.ts";

/** Rows that belong together, as they were at one moment. Short: an open read keeps OpenCode's WAL from shrinking. */
export function inOneTransaction<Result>(database: ReadOnlyDatabase, read: () => Result): Result {
  database.all("BEGIN");
  try {
    return read();
  } finally {
    database.all("COMMIT");
  }
}

/** Rows read at once: some hundred kB when they are short. */
export const PAGE_ROWS = 256;

/**
 * Walks through many rows in pages, so that neither memory nor a read transaction grows with their number.
 * @param readPage the next `PAGE_ROWS` rows after one, in the order of an index; undefined: the first ones
 */
export function* inPages(readPage: (after: Row | undefined) => Row[]): Generator<Row> {
  let page = readPage(undefined);
  while (page.length > 0) {
    yield* page;
    if (page.length < PAGE_ROWS) return;
    page = readPage(page.at(-1));
  }
}

/** A row of `message`, `part` or `session_message` as it is mapped. */
export function storedRow(row: Row): StoredRow {
  return {
    id: String(row["id"]),
    createdAtMs: countOf(row["time_created"]) ?? 0,
    updatedAtMs: countOf(row["time_updated"]) ?? 0,
    data: typeof row["data"] === "string" ? row["data"] : "",
  };
}
