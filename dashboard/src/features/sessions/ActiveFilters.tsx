import { X } from "lucide-react";
import { Button } from "../../ui/Button.tsx";
import { facetValueLabel } from "./FacetMenu.tsx";
import { facets, type SessionFilters, toggleFacet, withValue } from "./filters.ts";
import { periodLabel } from "./PeriodMenu.tsx";

interface ActiveFiltersProps {
  filters: SessionFilters;
  onChange: (filters: SessionFilters) => void;
}

/** One pill for each filter that no field shows in full; pressing it takes the filter away. */
export function ActiveFilters({ filters, onChange }: ActiveFiltersProps) {
  return (
    <>
      {pillsOf(filters).map(({ id, label, without }) => (
        <Button
          key={id}
          isSmall
          look="quiet"
          className="bg-accent-fill text-ink"
          aria-label={`Remove filter ${label}`}
          onClick={() => onChange(without)}
        >
          <span className="max-w-48 truncate" title={label}>
            {label}
          </span>
          <X size={13} aria-hidden="true" />
        </Button>
      ))}
    </>
  );
}

interface Pill {
  /** A project and a tag may have the same name. */
  readonly id: string;
  readonly label: string;
  /** The filters as they are without this one. */
  readonly without: SessionFilters;
}

function pillsOf(filters: SessionFilters): Pill[] {
  const hasBothTexts = filters.q !== undefined && filters.title !== undefined;
  return [
    ...(hasBothTexts
      ? [{ id: "title", label: `title: ${filters.title}`, without: withValue(filters, "title", "") }]
      : []),
    ...facets.flatMap(({ name }) =>
      (filters[name] ?? []).map((value) => ({
        id: `${name} ${value}`,
        label: facetValueLabel(name, value),
        without: toggleFacet(filters, name, value),
      })),
    ),
    ...(filters.from || filters.to
      ? [{ id: "period", label: periodLabel(filters), without: withValue(withValue(filters, "from", ""), "to", "") }]
      : []),
  ];
}
