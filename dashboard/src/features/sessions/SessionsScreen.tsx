import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { ArrowUp } from "lucide-react";
import { useEffectEvent, useLayoutEffect, useState } from "react";
import { describeError } from "../../lib/describe-error.ts";
import { formatCounted } from "../../lib/format-number.ts";
import { recallListPlace, rememberListPlace } from "../../lib/list-place.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorPanel } from "../../ui/ErrorPanel.tsx";
import { SkeletonRows } from "../../ui/SkeletonRows.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { isUnfiltered, orderOf, type SessionFilters } from "./filters.ts";
import { NoMatches, NoSessions } from "./NoSessions.tsx";
import { SelectionBar } from "./SelectionBar.tsx";
import { SessionTable } from "./SessionTable.tsx";
import { useSelection } from "./use-selection.ts";
import { useSessions } from "./use-sessions.ts";

/** Home: every session of every agent, newest activity first. */
export function SessionsScreen() {
  useDocumentTitle("Sessions");
  const filters = useSearch({ from: "/signed-in/" });
  const navigate = useNavigate({ from: "/" });
  // State, not a ref: the table below is drawn before the element around it is known, and must then be drawn again.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { list, rows, count, exactness, held, showHeld } = useSessions(filters, () => (scroller?.scrollTop ?? 0) < 8);

  const { href, startAtPx } = usePlace(filters, scroller);

  const changeFilters = (search: SessionFilters) => {
    scroller?.scrollTo({ top: 0 });
    void navigate({ search, replace: true });
  };
  const showNew = () => {
    showHeld();
    scroller?.scrollTo({ top: 0 });
  };
  const selection = useSelection(rows, href, count);
  const loadMore = () => {
    if (!list.isFetchingNextPage && !list.isError) void list.fetchNextPage();
  };
  // Until the new list is there the old one stays in view.
  const isBusy = list.isPending || list.isPlaceholderData;
  const isEmpty = list.isSuccess && !list.isPlaceholderData && rows.length === 0;
  const hasNothingAtAll = isEmpty && isUnfiltered(filters);

  return (
    <main className="flex min-h-0 flex-1 flex-col" aria-label="Sessions" aria-busy={isBusy}>
      <h1 className="sr-only">Sessions</h1>
      {hasNothingAtAll ? null : (
        <FilterBar filters={filters} onChange={changeFilters} count={count} exactness={exactness} />
      )}
      {selection.count > 0 ? (
        <SelectionBar
          selection={selection}
          filters={filters}
          total={count ?? 0}
          mayChooseAll={exactness?.isExact !== false}
        />
      ) : null}
      {held > 0 ? <NewSessions count={held} onShow={showNew} /> : null}
      <div ref={setScroller} className="min-h-0 flex-1 overflow-y-auto md:scroll-pt-8">
        {list.isPending ? <SkeletonRows count={12} heightPx={54} label="Loading sessions" /> : null}
        {rows.length > 0 ? (
          <SessionTable
            rows={rows}
            total={count}
            filters={filters}
            onSort={changeFilters}
            selection={selection}
            scroller={scroller}
            startAtPx={startAtPx}
            hasMore={list.hasNextPage}
            onNearEnd={loadMore}
          />
        ) : null}
        {hasNothingAtAll ? <NoSessions /> : null}
        {isEmpty && !hasNothingAtAll ? (
          <NoMatches isExact={exactness?.isExact !== false} onClear={() => changeFilters(orderOf(filters))} />
        ) : null}
        {list.isError ? (
          <ErrorPanel
            title="Sessions could not be loaded"
            {...describeError(list.error)}
            onRetry={() => void (rows.length > 0 ? list.fetchNextPage() : list.refetch())}
          />
        ) : null}
      </div>
    </main>
  );
}

/** Where the list was left, for when the reader comes back to it. */
function usePlace(filters: SessionFilters, scroller: HTMLDivElement | null) {
  // Not the location of now: when this screen leaves, that is already another's.
  const { href } = useRouter().buildLocation({ to: "/", search: filters });
  const [startAtPx] = useState(() => (recallListPlace().href === href ? recallListPlace().scrollTop : 0));
  const leave = useEffectEvent((scrollTop: number) => rememberListPlace({ href, scrollTop }));
  useLayoutEffect(() => {
    if (scroller) return () => leave(scroller.scrollTop);
  }, [scroller]);
  return { href, startAtPx };
}

function NewSessions({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <Button look="primary" isSmall className="mx-auto my-1.5 rounded-full px-3" onClick={onShow}>
      <ArrowUp size={13} aria-hidden="true" />
      {formatCounted(count, "new session")}
    </Button>
  );
}
