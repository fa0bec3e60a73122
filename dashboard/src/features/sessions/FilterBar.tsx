import type { TextExactness } from "@opensync/client";
import { Download, Star } from "lucide-react";
import { queryString } from "../../lib/call-api.ts";
import { formatCounted } from "../../lib/format-number.ts";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import { useDownload } from "../../lib/use-download.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/classes.ts";
import { ActiveFilters } from "./ActiveFilters.tsx";
import { explainReach } from "./explain-reach.ts";
import { FacetMenu } from "./FacetMenu.tsx";
import { facets, isUnfiltered, orderOf, type SessionFilters, toggleFacet, toggleStarred } from "./filters.ts";
import { PeriodMenu } from "./PeriodMenu.tsx";
import { SortMenu } from "./SortMenu.tsx";
import { queryOf } from "./session-query.ts";
import { TextFilter } from "./TextFilter.tsx";

interface FilterBarProps {
  filters: SessionFilters;
  onChange: (filters: SessionFilters) => void;
  /** Sessions that match; undefined while the server counts. */
  count: number | undefined;
  /** How far the text was looked for; undefined without one. */
  exactness: TextExactness | undefined;
}

/** Narrows the list by anything that a session has, sorts it, and says how many sessions are left. */
export function FilterBar({ filters, onChange, count, exactness }: FilterBarProps) {
  const { save, isBusy } = useDownload();
  const clear = () => onChange(orderOf(filters));
  useAction("clearFilters", clear);
  return (
    <div className="row-line flex flex-wrap items-center gap-2 px-4 py-2">
      <TextFilter filters={filters} onChange={onChange} />
      {facets.map(({ name, label }) => (
        <FacetMenu
          key={name}
          facet={name}
          label={label}
          filters={filters}
          searchBackTo={exactness?.isExact ? 0 : exactness?.searchedBackTo}
          onToggle={(value) => onChange(toggleFacet(filters, name, value))}
        />
      ))}
      <PeriodMenu filters={filters} onChange={onChange} />
      <StarredToggle filters={filters} onChange={onChange} />
      <ActiveFilters filters={filters} onChange={onChange} />
      {isUnfiltered(filters) ? null : (
        <Button isSmall look="quiet" onClick={clear}>
          Clear all
        </Button>
      )}
      <div className="ml-auto flex flex-wrap items-center justify-end gap-2">
        <p className="text-muted text-sm" aria-live="polite">
          {count === undefined ? "" : <span>{formatCounted(count, "session")}</span>}{" "}
          {exactness ? <span>{explainReach(exactness)}</span> : null}
        </p>
        {exactness === undefined || exactness.isExact ? null : (
          <Button isSmall look="quiet" onClick={() => onChange({ ...filters, reach: "all" })}>
            Search all
          </Button>
        )}
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
    </div>
  );
}

function StarredToggle({ filters, onChange }: Pick<FilterBarProps, "filters" | "onChange">) {
  return (
    <Button
      isSmall
      aria-pressed={filters.starred !== undefined}
      className={filters.starred ? "border-accent text-accent" : "text-muted"}
      onClick={() => onChange(toggleStarred(filters))}
    >
      <Star size={13} aria-hidden="true" className={classes(filters.starred && "fill-current")} />
      Starred
    </Button>
  );
}
