import type { Usage } from "@opensync/client";
import type { ReactNode } from "react";
import { formatCompact, formatCount, formatCounted } from "../../lib/format-number.ts";
import { formatUsd } from "../../lib/price-label.ts";
import { costText } from "./cost-text.ts";
import { isPartial } from "./group-usage.ts";

/** The sums of the period, each with what it consists of. */
export function UsageCards({ usage }: { usage: Usage }) {
  const { totals, copies } = usage;
  const { tokens, costs, unpriced } = totals;
  const kinds = [
    { name: "input", count: tokens.input },
    { name: "cache read", count: tokens.cacheRead },
    { name: "cache write", count: tokens.cacheWrite },
    { name: "input, not split", count: tokens.unsplitInput },
    { name: "output", count: tokens.output },
    { name: "of it reasoning", count: tokens.reasoning },
  ].filter(({ count }) => count > 0);
  const sources = [
    { name: "reported by agents", usd: costs.reported },
    { name: "computed from prices", usd: costs.computed },
  ].filter(({ usd }) => usd > 0);
  return (
    <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
      <Card name="Cost" figure={costText(totals.cost, isPartial(totals), tokens.total)}>
        {sources.map(({ name, usd }) => (
          <Line key={name} name={name}>
            {formatUsd(usd)}
          </Line>
        ))}
        {isPartial(totals) ? (
          <Line name="without a price">
            {[
              ...(unpriced.messages > 0 ? [formatCounted(unpriced.messages, "message")] : []),
              ...(unpriced.sessions > 0 ? [formatCounted(unpriced.sessions, "session")] : []),
            ].join(", ")}
          </Line>
        ) : null}
      </Card>
      <Card name="Tokens" figure={formatCompact(tokens.total)} title={formatCount(tokens.total)}>
        {kinds.map(({ name, count }) => (
          <Line key={name} name={name}>
            <span title={formatCount(count)}>{formatCompact(count)}</span>
          </Line>
        ))}
      </Card>
      <Card name="Sessions" figure={formatCount(totals.sessions)}>
        <Line name="begun in this time" />
      </Card>
      <Card name="Messages" figure={formatCount(totals.messages)}>
        {copies > 0 ? <Line name="copies left out">{formatCount(copies)}</Line> : null}
      </Card>
    </div>
  );
}

interface CardProps {
  name: string;
  figure: string;
  title?: string;
  children: ReactNode;
}

function Card({ name, figure, title, children }: CardProps) {
  return (
    <section aria-label={name} className="rounded-lg border border-line bg-surface px-4 py-3">
      <h2 className="text-muted text-sm">{name}</h2>
      <p className="font-semibold text-xl" title={title}>
        {figure}
      </p>
      <dl className="mt-1.5 space-y-0.5 text-sm">{children}</dl>
    </section>
  );
}

function Line({ name, children }: { name: string; children?: ReactNode }) {
  return (
    <div className="flex justify-between gap-3">
      <dt className="text-muted">{name}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  );
}
