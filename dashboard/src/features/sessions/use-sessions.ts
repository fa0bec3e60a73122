import { hashKey, keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useMemo, useRef, useState } from "react";
import { COMMIT_OVERLAP_MS } from "../../lib/live/commit-overlap.ts";
import { useLivePull } from "../../lib/live/use-live.tsx";
import { readRecords } from "../../lib/read-records.ts";
import { useServer } from "../../lib/server.tsx";
import { type SessionRow, sessionRowSchema } from "../../lib/session-record.ts";
import type { SessionFilters } from "./filters.ts";
import { hasVanished, mergeChanged, newestSync, rowsOf, type SessionPage } from "./session-list.ts";
import { countSessions, readSessionPage } from "./session-query.ts";

/** More changes than this since the last look (a backfill) are not merged one by one: the list is read anew. */
const MAX_MERGED = 200;

const NOTHING_HELD: ReadonlyMap<string, SessionRow> = new Map();

/** The changes for which a list was read anew the last time. */
interface ReadAnew {
  readonly key: string;
  readonly syncedAt: number;
}

/** Whether a list has not been read anew yet for changes up to a time; from then on it has. */
function isNewTo(last: RefObject<ReadAnew>, key: string, syncedAt: number): boolean {
  const isNew = last.current.key !== key || syncedAt > last.current.syncedAt;
  last.current = { key, syncedAt };
  return isNew;
}

type Pages = { pages: SessionPage[]; pageParams: (string | null)[] };

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

  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => readSessionPage(server, filters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    // Only signals renew it: a refetch would take the loaded pages as they were before what came in meanwhile.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const rows = useMemo(() => rowsOf(list.data?.pages ?? []), [list.data]);
  const change = (toPages: (pages: SessionPage[]) => SessionPage[]) =>
    client.setQueryData<Pages>(queryKey, (before) => before && { ...before, pages: toPages(before.pages) });

  const merge = (changed: readonly SessionRow[], mayMove: boolean) => {
    const before = client.getQueryData<Pages>(queryKey);
    if (before === undefined) return;
    const merged = mergeChanged(before.pages, changed, filters, mayMove);
    change(() => merged.pages);
    setHeldFor({ key: hashKey(queryKey), rows: new Map(merged.held.map((row) => [row.id, row])) });
  };

  const readAnewFor = useRef<ReadAnew>({ key: "", syncedAt: 0 });
  // What a page brings replaces what was merged while it was on its way, so its end is one more reason to look.
  // One that failed is none: it would be tried again and again, and nobody could read why.
  const shown = `${hashKey(queryKey)} ${list.isFetching || list.isError ? "" : "read"}`;
  useLivePull(async () => {
    if (client.isFetching({ queryKey, exact: true }) > 0) return;
    if (client.getQueryData(queryKey) === undefined) {
      // It failed while the server was away.
      if (list.isError) await list.refetch();
      return;
    }
    const since = Math.max(newestSync(rows), newestSync([...held.values()])) - COMMIT_OVERLAP_MS;
    const query = {
      filter: "syncedAt >= {:since}",
      params: { since },
      sort: "-syncedAt",
      limit: MAX_MERGED,
    };
    const { items, isLast } = await readRecords(server, "sessions", sessionRowSchema, query);
    if (isLast && hasVanished(rows, since, items)) {
      await client.invalidateQueries({ queryKey });
      return;
    }
    const known = new Set(rows.map(({ id }) => id));
    const mayCount = items.some(({ id, deletedAt }) => deletedAt > 0 || !known.has(id));
    // In which of the others a text is found only the server can say: the first page has the ones that are new to it.
    const first = filters.q !== undefined && mayCount ? await readSessionPage(server, filters, null) : undefined;
    const fresh =
      filters.q === undefined ? items : [...items.filter(({ id }) => known.has(id)), ...(first?.items ?? [])];
    const changed = [...new Map([...held, ...fresh.map((row) => [row.id, row] as const)]).values()];
    const mayMove = isAtTop();
    if (isLast || !mayMove) merge(changed, mayMove);
    else if (isNewTo(readAnewFor, hashKey(queryKey), newestSync(items))) await client.invalidateQueries({ queryKey });
    if (!mayCount) return;
    const { total, exactness } = first ?? { total: await countSessions(server, filters) };
    change((pages) => pages.map((page, index) => (index === 0 ? { ...page, total, exactness } : page)));
  }, shown);

  const showHeld = () => merge([...held.values()], true);
  const { total: count, exactness } = list.data?.pages[0] ?? {};
  return { list, rows, count, exactness, held: held.size, showHeld };
}
