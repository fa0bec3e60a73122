import { useState } from "react";
import { agentBadge } from "../../lib/agent-badge.ts";
import { formatCount } from "../../lib/format-number.ts";
import { FilterMenu } from "./FilterMenu.tsx";
import type { FacetName, SessionFilters } from "./filters.ts";
import { useFacetValues } from "./use-facet-values.ts";

interface FacetMenuProps {
  facet: FacetName;
  label: string;
  filters: SessionFilters;
  /** How far the text of the list was looked for: see `readFacetValues`. */
  searchBackTo: number | undefined;
  onToggle: (value: string) => void;
}

/** How a value of a facet reads. */
export function facetValueLabel(facet: FacetName, value: string): string {
  if (facet === "agent") return agentBadge(value).name;
  return value === "" ? `no ${facet}` : value;
}

/** A button that opens the values of one facet, with a field that searches them. */
export function FacetMenu(props: FacetMenuProps) {
  const { facet, label, filters } = props;
  const chosen = filters[facet] ?? [];
  return (
    <FilterMenu label={label} isSet={chosen.length > 0} count={chosen.length}>
      <FacetValueList {...props} />
    </FilterMenu>
  );
}

function FacetValueList({ facet, label, filters, searchBackTo, onToggle }: FacetMenuProps) {
  const chosen = filters[facet] ?? [];
  const [typed, setTyped] = useState("");
  // Agents are known by names of ours, which the server could not search.
  const { data, isError } = useFacetValues(filters, facet, facet === "agent" ? "" : typed, searchBackTo);
  const counts = new Map((data?.values ?? []).map(({ value, count }) => [value, count]));
  const matches = [...counts.keys()].filter((value) =>
    facetValueLabel(facet, value).toLowerCase().includes(typed.trim().toLowerCase()),
  );
  // What is chosen stays in sight, also when nothing has it any more.
  const values = [...new Set([...chosen, ...matches])];
  return (
    <>
      <input
        className="field mb-1"
        type="search"
        aria-label={`Search ${label.toLowerCase()}`}
        placeholder={`Search ${label.toLowerCase()}…`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ul className="max-h-72 overflow-y-auto">
        {values.map((value) => (
          <li key={value}>
            <FacetValue
              label={facetValueLabel(facet, value)}
              count={counts.get(value)}
              isChosen={chosen.includes(value)}
              onToggle={() => onToggle(value)}
            />
          </li>
        ))}
      </ul>
      {values.length === 0 && data ? <p className="px-2 py-3 text-muted text-sm">Nothing like that.</p> : null}
      {isError ? <p className="px-2 py-3 text-danger text-sm">The values could not be loaded.</p> : null}
      {data && !data.isComplete ? (
        <p className="border-line border-t px-2 pt-2 text-faint text-xs">These are not all; type to search all.</p>
      ) : null}
    </>
  );
}

interface FacetValueProps {
  label: string;
  /** Sessions that have it; undefined while unknown. */
  count: number | undefined;
  isChosen: boolean;
  onToggle: () => void;
}

function FacetValue({ label, count, isChosen, onToggle }: FacetValueProps) {
  return (
    <label className="touch-target flex h-8 w-full cursor-pointer items-center gap-2.5 rounded-md px-2 hover:bg-fill">
      <input type="checkbox" checked={isChosen} onChange={onToggle} className="size-4 shrink-0 accent-accent" />
      <span className="min-w-0 truncate" title={label}>
        {label}
      </span>
      <span className="ml-auto text-faint text-sm">{count === undefined ? "" : formatCount(count)}</span>
    </label>
  );
}
