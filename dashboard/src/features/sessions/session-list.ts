import type { SessionRow } from "../../lib/session-record.ts";
import type { SessionFilters } from "./filters.ts";
import { type Cursor, facetColumns } from "./session-query.ts";

/** One page as loaded; `next` is where the following one begins, null after the last. */
export interface SessionPage {
  readonly items: readonly SessionRow[];
  readonly next: Cursor | null;
}

/** The rows of all pages, each session once. */
export function rowsOf(pages: readonly SessionPage[]): SessionRow[] {
  return [...new Map(pages.flatMap(({ items }) => items).map((row) => [row.id, row])).values()];
}

/** Newest activity first, as the server sorts. */
function compareRows(a: SessionRow, b: SessionRow): number {
  return b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
}

/** Whether a row belongs into the list; the server decides the same way, except that it also knows other alphabets' case. */
export function isMatch(row: SessionRow, filters: SessionFilters): boolean {
  if (row.deletedAt > 0) return false;
  const { agent, project, device, title } = filters;
  const has = (values: readonly string[] | undefined, column: "source" | "projectName" | "device") =>
    values === undefined || values.includes(row[column]);
  const lower = title?.toLowerCase();
  const titles = [row.customTitle, row.title].map((one) => one.toLowerCase());
  return (
    has(agent, facetColumns.agent) &&
    has(project, facetColumns.project) &&
    has(device, facetColumns.device) &&
    (lower === undefined || titles.some((one) => one.includes(lower)))
  );
}

/** What changed rows do to a list. */
export interface Merged {
  readonly pages: SessionPage[];
  /** Sessions that were not in the list and have not been put into it. */
  readonly held: SessionRow[];
}

/**
 * Brings changed rows into the loaded pages. Rows that are shown are renewed and deleted ones leave. With `mayMove`
 * new rows come in and everything takes its place by time; without it nothing the reader looks at moves, and new rows
 * are held back. Rows that would come after the last loaded one are left to paging.
 */
export function mergeChanged(
  pages: readonly SessionPage[],
  changed: readonly SessionRow[],
  filters: SessionFilters,
  mayMove: boolean,
): Merged {
  const rows = rowsOf(pages);
  const byId = new Map(changed.map((row) => [row.id, row]));
  const kept = rows.map((row) => byId.get(row.id) ?? row).filter((row) => row.deletedAt === 0);
  const known = new Set(rows.map(({ id }) => id));
  const next = pages.at(-1)?.next ?? null;
  const isLoadedRange = (row: SessionRow) => next === null || compareRows(row, { ...row, ...next }) < 0;
  const fresh = changed.filter((row) => !known.has(row.id) && isMatch(row, filters) && isLoadedRange(row));
  const items = mayMove ? [...kept, ...fresh].sort(compareRows) : kept;
  return {
    pages: pages.map((page, index) => ({ next: page.next, items: index === 0 ? items : [] })),
    held: mayMove ? [] : fresh,
  };
}

/** The newest time of the server's clock that is in the list; 0 for an empty list. */
export function newestSync(rows: readonly SessionRow[]): number {
  return rows.reduce((newest, row) => Math.max(newest, row.syncedAt), 0);
}
