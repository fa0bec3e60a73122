import { ArrowDown, ArrowUp } from "lucide-react";
import { IconButton } from "../../ui/Button.tsx";
import { type SessionFilters, sortedBy, sorts } from "./filters.ts";

interface SortMenuProps {
  filters: SessionFilters;
  onChange: (filters: SessionFilters) => void;
}

/** What the list is sorted by, and in which direction. */
export function SortMenu({ filters, onChange }: SortMenuProps) {
  const sort = filters.sort ?? "updated";
  const isAscending = filters.order === "asc";
  const Arrow = isAscending ? ArrowUp : ArrowDown;
  return (
    <div className="flex items-center">
      <select
        aria-label="Sort by"
        className="field h-7 w-auto px-2 text-sm"
        value={sort}
        onChange={({ target }) => {
          const chosen = sorts.find(({ value }) => value === target.value)?.value ?? "updated";
          onChange(sortedBy(filters, chosen));
        }}
      >
        {sorts.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <IconButton
        label={isAscending ? "Smallest or oldest first" : "Largest or newest first"}
        className="size-7"
        onClick={() => onChange(sortedBy(filters, sort))}
      >
        <Arrow size={14} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
