import { Download, Search, Star, X } from "lucide-react";
import { useRef } from "react";
import { queryString } from "../../lib/call-api.ts";
import { formatCounted } from "../../lib/format-number.ts";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import { useDownload } from "../../lib/use-download.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/classes.ts";
import { useTypedText } from "../../ui/use-typed-text.ts";
import { FacetMenu, facetValueLabel } from "./FacetMenu.tsx";
import {
  facets,
  isUnfiltered,
  orderOf,
  type SessionFilters,
  toggleFacet,
  toggleStarred,
  withValue,
} from "./filters.ts";
import { PeriodMenu, periodLabel } from "./PeriodMenu.tsx";
import { SortMenu } from "./SortMenu.tsx";
import { queryOf } from "./session-query.ts";

interface FilterBarProps {
  filters: SessionFilters;
  onChange: (filters: SessionFilters) => void;
  /** Sessions that match; undefined while the server counts. */
  count: number | undefined;
}

/** Narrows the list by anything that a session has, sorts it, and says how many sessions are left. */
export function FilterBar({ filters, onChange, count }: FilterBarProps) {
  const { save, isBusy } = useDownload();
  const clear = () => onChange(orderOf(filters));
  useAction("clearFilters", clear);
  const pills = [
    ...facets.flatMap(({ name }) =>
      (filters[name] ?? []).map((value) => ({
        label: facetValueLabel(name, value),
        without: toggleFacet(filters, name, value),
      })),
    ),
    ...(filters.from || filters.to
      ? [{ label: periodLabel(filters), without: withValue(withValue(filters, "from", ""), "to", "") }]
      : []),
  ];
  return (
    <div className="row-line flex flex-wrap items-center gap-2 px-4 py-2">
      <TitleField title={filters.title ?? ""} onChange={(title) => onChange(withValue(filters, "title", title))} />
      {facets.map(({ name, label }) => (
        <FacetMenu
          key={name}
          facet={name}
          label={label}
          filters={filters}
          onToggle={(value) => onChange(toggleFacet(filters, name, value))}
        />
      ))}
      <PeriodMenu filters={filters} onChange={onChange} />
      <Button
        isSmall
        aria-pressed={filters.starred !== undefined}
        className={filters.starred ? "border-accent text-accent" : "text-muted"}
        onClick={() => onChange(toggleStarred(filters))}
      >
        <Star size={13} aria-hidden="true" className={classes(filters.starred && "fill-current")} />
        Starred
      </Button>
      {pills.map(({ label, without }) => (
        <Button
          key={label}
          isSmall
          look="quiet"
          className="bg-accent-fill text-ink"
          aria-label={`Remove filter ${label}`}
          onClick={() => onChange(without)}
        >
          <span className="max-w-48 truncate">{label}</span>
          <X size={13} aria-hidden="true" />
        </Button>
      ))}
      {isUnfiltered(filters) ? null : (
        <Button isSmall look="quiet" onClick={clear}>
          Clear all
        </Button>
      )}
      <p className="ml-auto text-muted text-sm" aria-live="polite">
        {count === undefined ? "" : formatCounted(count, "session")}
      </p>
      <SortMenu filters={filters} onChange={onChange} />
      <IconButton
        label="Export these sessions as CSV"
        className="size-7"
        disabled={isBusy}
        onClick={() => save(`/api/export/csv${queryString(queryOf(filters))}`)}
      >
        <Download size={14} aria-hidden="true" />
      </IconButton>
    </div>
  );
}

/** Searches after a short pause in typing; the address may also change it from outside (back, clear). */
function TitleField({ title, onChange }: { title: string; onChange: (title: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const { typed, type } = useTypedText(title, onChange);
  useAction("focusFilter", () => field.current?.focus());
  return (
    <div className="relative w-full sm:w-56">
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
