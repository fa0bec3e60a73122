import { Popover } from "radix-ui";
import { daysAgo } from "../../lib/days.ts";
import { Button } from "../../ui/Button.tsx";
import { FilterMenu } from "./FilterMenu.tsx";
import { type SessionFilters, withValue } from "./filters.ts";

const presets = [
  { label: "Today", days: 0 },
  { label: "Last 7 days", days: 6 },
  { label: "Last 30 days", days: 29 },
  { label: "Last 90 days", days: 89 },
] as const;

/** How a period reads. */
export function periodLabel({ from, to }: SessionFilters): string {
  if (from !== undefined && to !== undefined) return from === to ? from : `${from} to ${to}`;
  return from === undefined ? `until ${to}` : `since ${from}`;
}

interface PeriodMenuProps {
  filters: SessionFilters;
  onChange: (filters: SessionFilters) => void;
}

/** A button that opens the choice of a period, in days of the viewer's calendar. */
export function PeriodMenu({ filters, onChange }: PeriodMenuProps) {
  const isSet = filters.from !== undefined || filters.to !== undefined;
  return (
    <FilterMenu label="Date" isSet={isSet}>
      <div className="mb-3 flex flex-wrap gap-1">
        {presets.map(({ label, days }) => (
          <Popover.Close key={label} asChild>
            <Button
              isSmall
              onClick={() => onChange(withValue(withValue(filters, "to", ""), "from", daysAgo(days, new Date())))}
            >
              {label}
            </Button>
          </Popover.Close>
        ))}
      </div>
      {(["from", "to"] as const).map((name) => (
        <label key={name} className="mb-2 flex items-center gap-2 text-sm">
          <span className="w-10 text-muted first-letter:uppercase">{name}</span>
          <input
            type="date"
            className="field h-8"
            value={filters[name] ?? ""}
            onChange={(event) => onChange(withValue(filters, name, event.target.value))}
          />
        </label>
      ))}
    </FilterMenu>
  );
}
