import { classes } from "../../ui/classes.ts";
import { showLabel } from "./calendar.ts";
import type { Column } from "./group-usage.ts";
import { toneFills } from "./tones.ts";
import type { Unit } from "./usage-address.ts";

interface UsageChartProps {
  columns: readonly Column[];
  unit: Unit;
  /** What the columns show, for who cannot see them. */
  summary: string;
  format: (value: number) => string;
  nameOf: (group: string) => string;
}

/** Stacked columns over time. The table below it has the same figures. */
export function UsageChart({ columns, unit, summary, format, nameOf }: UsageChartProps) {
  const highest = Math.max(...columns.map(({ total }) => total), 0);
  const first = columns[0];
  const last = columns.at(-1);
  return (
    <figure className="rounded-lg border border-line bg-surface p-4">
      <figcaption className="mb-2 flex justify-between gap-3 text-muted text-xs">
        <span>{summary}</span>
        <span className="whitespace-nowrap">{highest > 0 ? `highest ${format(highest)}` : ""}</span>
      </figcaption>
      <div role="img" aria-label={summary} className="flex h-44 items-stretch gap-px border-line border-b">
        {columns.map(({ label, segments, total }) => (
          <div
            key={label}
            title={titleOf(
              showLabel(label, unit),
              format(total),
              segments.map(({ name, value }) => `${nameOf(name)}: ${format(value)}`),
            )}
            className="flex min-w-0 flex-1 flex-col-reverse hover:bg-fill"
          >
            {segments.map(({ name, value, tone }) => (
              <div
                key={name}
                className={classes("min-h-px w-full", toneFills[tone])}
                style={{ height: `${(value / highest) * 100}%` }}
              />
            ))}
          </div>
        ))}
      </div>
      {first && last ? (
        <p className="mt-1 flex justify-between text-faint text-xs" aria-hidden="true">
          <span>{showLabel(first.label, unit)}</span>
          <span>{showLabel(last.label, unit)}</span>
        </p>
      ) : null}
    </figure>
  );
}

function titleOf(label: string, total: string, parts: readonly string[]): string {
  return [`${label}: ${total}`, ...parts].join("\n");
}
