import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useState } from "react";
import type { SessionRow } from "../../lib/session-record.ts";
import type { SessionFilters, Sort } from "./filters.ts";
import { columns, SessionLine, sessionHint } from "./SessionLine.tsx";
import { SortHead } from "./SortHead.tsx";
import { useRowKeys } from "./use-row-keys.ts";
import type { Selection } from "./use-selection.ts";

const ROW_PX = 54;
/** Rows before the end at which the next page is asked for. */
const READ_AHEAD_ROWS = 20;

interface SessionTableProps {
  rows: readonly SessionRow[];
  /** All sessions that match, loaded or not; undefined while unknown. */
  total: number | undefined;
  filters: SessionFilters;
  onSort: (filters: SessionFilters) => void;
  selection: Selection;
  /** The element around it that scrolls; null until it is there. */
  scroller: HTMLDivElement | null;
  /** Where the reader was before, px from the top. */
  startAtPx: number;
  hasMore: boolean;
  onNearEnd: () => void;
}

/** The list as a table; only the rows near the screen exist. */
export function SessionTable(props: SessionTableProps) {
  const { rows, total, filters, onSort, selection, scroller, startAtPx, hasMore, onNearEnd } = props;
  // The row moved to by a key: it has the focus, and is drawn wherever the list is scrolled to.
  const [movedTo, setMovedTo] = useState<string>();
  const movedToIndex = movedTo === undefined ? -1 : rows.findIndex(({ id }) => id === movedTo);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    rangeExtractor: (range) => {
      const near = defaultRangeExtractor(range);
      const isDrawn = movedToIndex < 0 || near.includes(movedToIndex);
      return isDrawn ? near : [...near, movedToIndex].sort((a, b) => a - b);
    },
    overscan: 12,
    initialOffset: startAtPx,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastIndex >= rows.length - READ_AHEAD_ROWS) onNearEnd();
  }, [hasMore, lastIndex, rows.length, onNearEnd]);

  useRowKeys({ rows, rowPx: ROW_PX, scroller, selection, onMove: setMovedTo });

  // The parts of a table keep their roles under any display, so the rows can be grids that exist only near the screen.
  return (
    <table className="block" aria-rowcount={total ?? -1}>
      <caption className="sr-only">Sessions</caption>
      <TableHead filters={filters} onSort={onSort} />
      <tbody className="relative block" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const session = rows[index];
          return session === undefined ? null : (
            <tr
              key={key}
              aria-rowindex={index + 1}
              data-index={index}
              title={sessionHint(session)}
              className={`${columns} row-line absolute inset-x-0 top-0 items-center px-4 ${selection.has(session.id) ? "bg-accent-fill" : "hover:bg-fill"}`}
              style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
            >
              <SessionLine
                session={session}
                isSelected={selection.has(session.id)}
                onSelect={(isRange) => selection.toggle(session.id, isRange)}
              />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function TableHead({ filters, onSort }: Pick<SessionTableProps, "filters" | "onSort">) {
  const sortHead = (sort: Sort, label: string) => (
    <SortHead sort={sort} label={label} filters={filters} onSort={onSort} />
  );
  return (
    <thead className="sticky top-0 z-10 hidden bg-canvas md:block">
      <tr className={`${columns} row-line h-8 items-center px-4 text-left text-faint text-xs *:font-normal`}>
        <th>
          <span className="sr-only">Selected</span>
        </th>
        <th>
          <span className="sr-only">Agent</span>
        </th>
        <th>Session</th>
        <th className="hidden xl:block">Model</th>
        <th>Device</th>
        {sortHead("messages", "Messages")}
        {sortHead("tokens", "Tokens")}
        {sortHead("cost", "Cost")}
        {sortHead("updated", "Active")}
      </tr>
    </thead>
  );
}
