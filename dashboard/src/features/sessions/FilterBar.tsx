import { Search, X } from "lucide-react";
import { useRef } from "react";
import { formatCounted } from "../../lib/format-number.ts";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import { Button } from "../../ui/Button.tsx";
import { useTypedText } from "../../ui/use-typed-text.ts";
import { FacetMenu, facetValueLabel } from "./FacetMenu.tsx";
import { type FacetName, isUnfiltered, type SessionFilters, toggleFacet, withTitle } from "./filters.ts";

interface FilterBarProps {
  filters: SessionFilters;
  onChange: (filters: SessionFilters) => void;
  /** Sessions that match; undefined while the server counts. */
  count: number | undefined;
}

const facets: readonly { name: FacetName; label: string }[] = [
  { name: "agent", label: "Agent" },
  { name: "project", label: "Project" },
  { name: "device", label: "Device" },
];

/** Narrows the list by title, agent, project and device, and says how many sessions are left. */
export function FilterBar({ filters, onChange, count }: FilterBarProps) {
  useAction("clearFilters", () => onChange({}));
  const pills = facets.flatMap(({ name }) => (filters[name] ?? []).map((value) => ({ name, value })));
  return (
    <div className="row-line flex flex-wrap items-center gap-2 px-4 py-2">
      <TitleField title={filters.title ?? ""} onChange={(title) => onChange(withTitle(filters, title))} />
      {facets.map(({ name, label }) => (
        <FacetMenu
          key={name}
          facet={name}
          label={label}
          chosen={filters[name] ?? []}
          onToggle={(value) => onChange(toggleFacet(filters, name, value))}
        />
      ))}
      {pills.map(({ name, value }) => (
        <Button
          key={`${name} ${value}`}
          isSmall
          look="quiet"
          className="bg-accent-fill text-ink"
          aria-label={`Remove filter ${facetValueLabel(name, value)}`}
          onClick={() => onChange(toggleFacet(filters, name, value))}
        >
          <span className="max-w-48 truncate">{facetValueLabel(name, value)}</span>
          <X size={13} aria-hidden="true" />
        </Button>
      ))}
      {isUnfiltered(filters) ? null : (
        <Button isSmall look="quiet" onClick={() => onChange({})}>
          Clear all
        </Button>
      )}
      <p className="ml-auto text-muted text-sm" aria-live="polite">
        {count === undefined ? "" : formatCounted(count, "session")}
      </p>
    </div>
  );
}

/** Searches after a short pause in typing; the address may also change it from outside (back, clear). */
function TitleField({ title, onChange }: { title: string; onChange: (title: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const { typed, type } = useTypedText(title, onChange);
  useAction("focusFilter", () => field.current?.focus());
  return (
    <div className="relative w-full sm:w-64">
      <Search size={14} aria-hidden="true" className="absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
      <input
        ref={field}
        type="search"
        className="field pl-8 md:h-7"
        aria-label="Filter by title"
        placeholder="Filter by title…"
        value={typed}
        onChange={(event) => type(event.target.value)}
      />
    </div>
  );
}
