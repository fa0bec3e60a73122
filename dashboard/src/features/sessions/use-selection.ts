import { useState } from "react";
import type { SessionRow } from "../../lib/session-record.ts";

/** Sessions that are chosen: some by name, or all that the list's filters let through. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly isAll: boolean;
  readonly count: number;
  has(id: string): boolean;
  /** @param isRange also everything between this row and the one toggled before */
  toggle(id: string, isRange: boolean): void;
  selectAll(): void;
  clear(): void;
}

/**
 * Keeps what is chosen in one list.
 * @param listKey what makes it another list, in which nothing is chosen
 * @param total sessions that match
 */
export function useSelection(rows: readonly SessionRow[], listKey: string, total: number | undefined): Selection {
  const empty = { listKey, ids: new Set<string>(), last: "", isAll: false };
  const [stored, setStored] = useState(empty);
  // Forgotten, also for when the other list comes back: nobody would look for what is chosen there.
  if (stored.listKey !== listKey) setStored(empty);
  const state = stored.listKey === listKey ? stored : empty;
  const present = state.isAll ? state.ids : new Set(rows.filter(({ id }) => state.ids.has(id)).map(({ id }) => id));
  const between = (from: string, to: string) => {
    const [a, b] = [from, to].map((id) => rows.findIndex((row) => row.id === id)).sort((x, y) => x - y);
    return a === undefined || b === undefined || a < 0 ? [to] : rows.slice(a, b + 1).map(({ id }) => id);
  };
  return {
    ids: present,
    isAll: state.isAll,
    count: state.isAll ? (total ?? 0) : present.size,
    has: (id) => state.isAll || present.has(id),
    toggle: (id, isRange) => {
      // One taken out of all leaves those that are loaded.
      const before = state.isAll ? rows.map((row) => row.id) : present;
      const ids = new Set(before);
      if (state.isAll || (ids.has(id) && !isRange)) ids.delete(id);
      else for (const one of isRange && state.last !== "" ? between(state.last, id) : [id]) ids.add(one);
      setStored({ listKey, ids, last: id, isAll: false });
    },
    selectAll: () => setStored({ ...empty, isAll: true }),
    clear: () => setStored(empty),
  };
}
