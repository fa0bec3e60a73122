import { flushSync } from "react-dom";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import type { SessionRow } from "../../lib/session-record.ts";
import type { Selection } from "./use-selection.ts";

interface RowKeysOptions {
  rows: readonly SessionRow[];
  /** Height of a row. */
  rowPx: number;
  /** The element in which the rows scroll; null until it is there. */
  scroller: HTMLDivElement | null;
  selection: Selection;
  /** Sees to it that a row is drawn, wherever the list is scrolled to. */
  onMove: (id: string | undefined) => void;
}

/** Moves the focus from row to row by keys, and selects the one that has it. */
export function useRowKeys({ rows, rowPx, scroller, selection, onMove }: RowKeysOptions): void {
  const focusRow = (step: 1 | -1) => {
    if (scroller === null) return;
    const focused = focusedRow();
    const index =
      focused && isOnScreen(focused, scroller)
        ? Math.min(Math.max(indexOf(focused) + step, 0), rows.length - 1)
        : Math.ceil(scroller.scrollTop / rowPx);
    // At once: the next key may come before the next frame, and Enter must find the row that j went to.
    flushSync(() => onMove(rows[index]?.id));
    const row = scroller.querySelector(`[data-index="${index}"]`);
    row?.querySelector<HTMLElement>("[data-row-link]")?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  useAction("next", () => focusRow(1));
  useAction("previous", () => focusRow(-1));
  useAction("select", () => {
    const focused = focusedRow();
    const row = focused && rows[indexOf(focused)];
    if (row) selection.toggle(row.id, false);
  });
}

const focusedRow = () => document.activeElement?.closest<HTMLElement>("[data-index]");
const indexOf = (row: HTMLElement) => Number(row.dataset["index"]);

function isOnScreen(row: HTMLElement, scroller: HTMLElement): boolean {
  const [rowBox, screen] = [row.getBoundingClientRect(), scroller.getBoundingClientRect()];
  return rowBox.bottom > screen.top && rowBox.top < screen.bottom;
}
