import type { Usage } from "@opensync/client";
import { formatCompact, formatCounted } from "../../lib/format-number.ts";

/** Names what no sum of money contains. */
export function UnpricedModels({ models }: { models: Usage["unpricedModels"] }) {
  if (models.length === 0) return null;
  return (
    <section className="rounded-lg border border-line bg-warn-fill px-4 py-3" aria-label="Without a price">
      <h2 className="mb-1 font-medium">Without a price</h2>
      <p className="mb-2 text-sm">
        No agent reported what these cost, and no price list has their models. No sum contains them.
      </p>
      <ul className="space-y-0.5 text-sm">
        {models.map(({ model, provider, messages, sessions, tokens }) => (
          <li key={`${provider} ${model}`} className="flex flex-wrap gap-x-3">
            <span className="font-mono">{[provider, model].filter(Boolean).join(" / ") || "no model named"}</span>
            <span>
              {[
                ...(messages > 0 ? [formatCounted(messages, "message")] : []),
                ...(sessions > 0 ? [formatCounted(sessions, "session")] : []),
                `${formatCompact(tokens)} tokens`,
              ].join(", ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
