import type { TextExactness } from "@opensync/client";
import type { SessionRow } from "../../lib/session-record.ts";
import type { FacetName, SessionFilters, Sort } from "./filters.ts";

/** One page as loaded; `next` is where the following one begins, null after the last. */
export interface SessionPage {
  readonly items: readonly SessionRow[];
  readonly next: string | null;
  /** Sessions that match, on the first page. */
  readonly total?: number | undefined;
  /** How far the text of the list was looked for; absent without one. */
  readonly exactness?: TextExactness | undefined;
}

/** The rows of all pages, each session once. */
export function rowsOf(pages: readonly SessionPage[]): SessionRow[] {
  return [...new Map(pages.flatMap(({ items }) => items).map((row) => [row.id, row])).values()];
}

const sortValues: Readonly<Record<Sort, (row: SessionRow) => number>> = {
  updated: ({ updatedAt }) => updatedAt,
  created: ({ createdAt }) => createdAt,
  tokens: ({ promptTokens, completionTokens }) => promptTokens + completionTokens,
  cost: ({ cost }) => cost,
  duration: ({ durationMs }) => durationMs,
  messages: ({ messageCount }) => messageCount,
};

/** As the server sorts: by a value, then by id, both in the same direction. */
function comparerOf({ sort, order }: SessionFilters): (a: SessionRow, b: SessionRow) => number {
  const value = sortValues[sort ?? "updated"];
  const sign = order === "asc" ? 1 : -1;
  return (a, b) => sign * (value(a) - value(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

const facetValues: Readonly<Record<FacetName, (row: SessionRow) => readonly string[]>> = {
  agent: ({ source }) => [source],
  project: ({ projectName }) => [projectName],
  device: ({ device }) => [device],
  model: ({ model }) => [model],
  branch: ({ gitBranch }) => [gitBranch],
  tag: ({ tags }) => tags ?? [],
};

/**
 * Whether a row belongs into the list; the server decides the same way, except that it also knows other alphabets' case.
 * Whether a text is found in it only the server can say.
 */
export function isMatch(row: SessionRow, filters: SessionFilters): boolean {
  if (row.deletedAt > 0 || (filters.starred && !row.starred)) return false;
  for (const facet of ["agent", "project", "device", "model", "branch", "tag"] as const) {
    const wanted = filters[facet];
    if (wanted !== undefined && !facetValues[facet](row).some((value) => wanted.includes(value))) return false;
  }
  if (filters.from !== undefined && row.updatedAt < startOfDay(filters.from, 0)) return false;
  if (filters.to !== undefined && row.createdAt >= startOfDay(filters.to, 1)) return false;
  const lower = filters.title?.toLowerCase();
  return lower === undefined || [row.customTitle, row.title].some((one) => one.toLowerCase().includes(lower));
}

/** Epoch ms of the beginning of a day of the viewer's calendar, or of one some days later. */
function startOfDay(day: string, daysLater: number): number {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + daysLater).getTime();
}

/** What changed rows do to a list. */
export interface Merged {
  readonly pages: SessionPage[];
  /** Sessions that were not in the list and have not been put into it. */
  readonly held: SessionRow[];
}

/**
 * Brings changed rows into the loaded pages. Rows that are shown are renewed and deleted ones leave. With `mayMove`
 * new rows come in and everything takes its place in the order; without it nothing the reader looks at moves, and new
 * rows are held back. Rows that would come after the last loaded one are left to paging.
 */
export function mergeChanged(
  pages: readonly SessionPage[],
  changed: readonly SessionRow[],
  filters: SessionFilters,
  mayMove: boolean,
): Merged {
  const compare = comparerOf(filters);
  const rows = rowsOf(pages);
  const byId = new Map(changed.map((row) => [row.id, row]));
  const kept = rows.map((row) => byId.get(row.id) ?? row).filter((row) => row.deletedAt === 0);
  const known = new Set(rows.map(({ id }) => id));
  const last = (pages.at(-1)?.next ?? null) === null ? undefined : rows.at(-1);
  const isLoadedRange = (row: SessionRow) => last === undefined || compare(row, last) < 0;
  const fresh = changed.filter((row) => !known.has(row.id) && isMatch(row, filters) && isLoadedRange(row));
  const items = mayMove ? [...kept, ...fresh].sort(compare) : kept;
  return {
    pages: pages.map((page, index) => ({ ...page, items: index === 0 ? items : [] })),
    held: mayMove ? [] : fresh,
  };
}

/** The newest time of the server's clock that is in the list; 0 for an empty list. */
export function newestSync(rows: readonly SessionRow[]): number {
  return rows.reduce((newest, row) => Math.max(newest, row.syncedAt), 0);
}

/**
 * Whether a row of the list is gone without a trace, as after "delete all my data": what is deleted otherwise comes as a
 * change.
 * @param since a time of the server's clock
 * @param changed all that has changed since then
 */
export function hasVanished(rows: readonly SessionRow[], since: number, changed: readonly SessionRow[]): boolean {
  const there = new Set(changed.map(({ id }) => id));
  return rows.some(({ id, syncedAt }) => syncedAt >= since && !there.has(id));
}
