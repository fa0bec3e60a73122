import { ArrowDown, ArrowUp } from "lucide-react";
import { type SessionFilters, type Sort, sortedBy } from "./filters.ts";

interface SortHeadProps {
  sort: Sort;
  label: string;
  filters: SessionFilters;
  onSort: (filters: SessionFilters) => void;
}

/** The head of a column that the list can be sorted by: a click sorts, another one turns the order round. */
export function SortHead({ sort, label, filters, onSort }: SortHeadProps) {
  const isSorted = (filters.sort ?? "updated") === sort;
  const isAscending = filters.order === "asc";
  const Arrow = isAscending ? ArrowUp : ArrowDown;
  return (
    <th className="text-right" {...(isSorted ? { "aria-sort": isAscending ? "ascending" : "descending" } : {})}>
      <button
        type="button"
        className="inline-flex items-center gap-0.5 rounded hover:text-ink"
        onClick={() => onSort(sortedBy(filters, sort))}
      >
        {isSorted ? <Arrow size={11} aria-hidden="true" /> : null}
        {label}
      </button>
    </th>
  );
}
