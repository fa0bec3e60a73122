import { type UsageRow, usageSchema } from "@opensync/client";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { agentBadge } from "../../lib/agent-badge.ts";
import { callApi } from "../../lib/call-api.ts";
import { daysAgo, timeZone } from "../../lib/days.ts";
import { describeError } from "../../lib/describe-error.ts";
import { formatCompact } from "../../lib/format-number.ts";
import { useLivePull } from "../../lib/live/use-live.tsx";
import { formatUsd } from "../../lib/price-label.ts";
import { useServer } from "../../lib/server.tsx";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { ErrorPanel } from "../../ui/ErrorPanel.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { SkeletonRows } from "../../ui/SkeletonRows.tsx";
import { labelsBetween } from "./calendar.ts";
import { chartColumns, groupUsage } from "./group-usage.ts";
import { UnpricedModels } from "./UnpricedModels.tsx";
import { UsageCards } from "./UsageCards.tsx";
import { UsageChart } from "./UsageChart.tsx";
import { UsageControls } from "./UsageControls.tsx";
import { UsageTable } from "./UsageTable.tsx";
import { ranges, readUsageView, type UsageView, usageAddress } from "./usage-address.ts";

function useUsage({ unit, split }: UsageView, from: string | undefined) {
  const server = useServer();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["usage", unit, split, from],
    queryFn: ({ signal }) =>
      callApi(server, usageSchema, "/api/usage", { query: { by: [unit, split], tz: timeZone(), from }, signal }),
    placeholderData: keepPreviousData,
  });
  useLivePull(() => client.invalidateQueries({ queryKey: ["usage"] }));
  return query;
}

/** What was used and what it cost, over time and by agent, model, project, device or provider. */
export function UsageScreen() {
  useDocumentTitle("Usage");
  const view = readUsageView({ ...useSearch({ from: "/signed-in/usage" }) });
  const navigate = useNavigate({ from: "/usage" });
  const { unit, split, show } = view;
  const days = ranges.find(({ value }) => value === view.range)?.days;
  const today = daysAgo(0, new Date());
  const from = days === undefined ? undefined : daysAgo(days - 1, new Date());
  const { data: usage, isPending, isPlaceholderData, isError, error, refetch } = useUsage(view, from);
  // Rows of another question are shown for a moment, under its names.
  const shownUnit = unitOf(usage?.rows) ?? unit;
  const groups = groupUsage(usage?.rows ?? [], shownUnit, split, show);
  const first = from ?? usage?.rows[0]?.[shownUnit] ?? today;
  const columns = chartColumns(groups, labelsBetween(first, today, shownUnit));
  const nameOf = (name: string) => {
    if (split === "agent" && name !== "all others") return agentBadge(name).name;
    return name === "" ? `no ${split}` : name;
  };
  const isEmpty = usage !== undefined && usage.totals.messages + usage.totals.sessions === 0;
  return (
    <main className="min-h-0 flex-1 overflow-y-auto" aria-label="Usage" aria-busy={isPending || isPlaceholderData}>
      <div className="mx-auto max-w-5xl space-y-4 px-4 py-5">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="font-semibold text-xl">Usage</h1>
          <UsageControls
            view={view}
            onChange={(next) => void navigate({ search: usageAddress(next), replace: true })}
          />
        </div>
        {isPending ? <SkeletonRows count={6} heightPx={64} label="Adding up" /> : null}
        {isError ? (
          <ErrorPanel title="Usage could not be loaded" {...describeError(error)} onRetry={() => void refetch()} />
        ) : null}
        {isEmpty ? (
          <Notice title={from === undefined ? "Nothing was used yet" : "Nothing was used in this time"}>
            {from === undefined ? "What agents use is counted as their sessions arrive." : "Choose a longer one above."}
          </Notice>
        ) : null}
        {usage && !isEmpty ? (
          <>
            <UsageCards usage={usage} />
            <UsageChart
              columns={columns}
              unit={shownUnit}
              summary={`${show === "cost" ? "Cost" : "Tokens"} by ${shownUnit} and ${split}, days of ${usage.tz}`}
              format={show === "cost" ? formatUsd : formatCompact}
              nameOf={nameOf}
            />
            <UsageTable groups={groups} split={split} from={from} nameOf={nameOf} />
            <UnpricedModels models={usage.unpricedModels} />
          </>
        ) : null}
      </div>
    </main>
  );
}

function unitOf(rows: readonly UsageRow[] = []) {
  const [row] = rows;
  return (["day", "week", "month"] as const).find((unit) => row?.[unit] !== undefined);
}
