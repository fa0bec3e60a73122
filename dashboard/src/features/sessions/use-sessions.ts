import { hashKey, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLivePull } from "../../lib/live/use-live.tsx";
import { countRecords, readRecords } from "../../lib/read-records.ts";
import { useServer } from "../../lib/server.tsx";
import { type SessionRow, sessionRowSchema } from "../../lib/session-record.ts";
import type { SessionFilters } from "./filters.ts";
import { mergeChanged, newestSync, rowsOf, type SessionPage } from "./session-list.ts";
import { type Cursor, changedSince, matching, NEWEST_FIRST, pageOf } from "./session-query.ts";

const PAGE_SIZE = 60;
/** More changes than this since the last look (a backfill) are not merged one by one: the list is read anew. */
const MAX_MERGED = 200;
/** A transaction may commit a little after the time it has stamped. */
const OVERLAP_MS = 5_000;

const NOTHING_HELD: ReadonlyMap<string, SessionRow> = new Map();

type Pages = { pages: SessionPage[]; pageParams: (Cursor | null)[] };

/**
 * The filtered list, page by page and live.
 * @param isAtTop asked when changes arrive: only then may rows move and new ones come in
 */
export function useSessions(filters: SessionFilters, isAtTop: () => boolean) {
  const server = useServer();
  const client = useQueryClient();
  const queryKey = ["sessions", "list", filters];
  const [heldFor, setHeldFor] = useState<{ key: string; rows: ReadonlyMap<string, SessionRow> }>();
  // What was held back from one list has no business in another.
  const held = heldFor?.key === hashKey(queryKey) ? heldFor.rows : NOTHING_HELD;

  const readPage = async (after: Cursor | null, signal: AbortSignal): Promise<SessionPage> => {
    const query = { ...pageOf(filters, after), sort: NEWEST_FIRST, limit: PAGE_SIZE, signal };
    const { items, isLast } = await readRecords(server, "sessions", sessionRowSchema, query);
    const last = items.at(-1);
    return { items, next: isLast || last === undefined ? null : { updatedAt: last.updatedAt, id: last.id } };
  };
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => readPage(pageParam, signal),
    initialPageParam: null as Cursor | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const count = useQuery({
    queryKey: ["sessions", "count", filters],
    queryFn: ({ signal }) => countRecords(server, "sessions", { ...matching(filters), signal }),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => rowsOf(list.data?.pages ?? []), [list.data]);

  const merge = (changed: readonly SessionRow[], mayMove: boolean) => {
    const before = client.getQueryData<Pages>(queryKey);
    if (before === undefined) return;
    const merged = mergeChanged(before.pages, changed, filters, mayMove);
    client.setQueryData<Pages>(queryKey, { ...before, pages: merged.pages });
    setHeldFor({ key: hashKey(queryKey), rows: new Map(merged.held.map((row) => [row.id, row])) });
  };

  useLivePull(async () => {
    if (client.getQueryData(queryKey) === undefined) {
      // It failed while the server was away, or is under way for the first time.
      if (list.isError) await list.refetch();
      return;
    }
    const since = Math.max(newestSync(rows), newestSync([...held.values()])) - OVERLAP_MS;
    const query = { ...changedSince(since), sort: "-syncedAt", limit: MAX_MERGED };
    const { items, isLast } = await readRecords(server, "sessions", sessionRowSchema, query);
    const changed = [...new Map([...held, ...items.map((row) => [row.id, row] as const)]).values()];
    const mayMove = isAtTop();
    if (!isLast && mayMove) await client.invalidateQueries({ queryKey });
    else merge(changed, mayMove);
    const known = new Set(rows.map(({ id }) => id));
    const mayCount = items.some(({ id, deletedAt }) => deletedAt > 0 || !known.has(id));
    if (mayCount) await client.invalidateQueries({ queryKey: ["sessions", "count"] });
  });

  const showHeld = () => merge([...held.values()], true);
  return { list, rows, count: count.data, held: held.size, showHeld };
}
