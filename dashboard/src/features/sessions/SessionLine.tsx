import { Link } from "@tanstack/react-router";
import { Star } from "lucide-react";
import { agentBadge } from "../../lib/agent-badge.ts";
import { formatCompact, formatCount } from "../../lib/format-number.ts";
import { priceLabel } from "../../lib/price-label.ts";
import { isActive, type SessionRow, sessionTitle } from "../../lib/session-record.ts";
import { totalTokens } from "../../lib/token-count.ts";
import { useNow } from "../../lib/use-now.ts";
import { Badge } from "../../ui/Badge.tsx";
import { LabelledFigure } from "../../ui/LabelledFigure.tsx";
import { Time } from "../../ui/Time.tsx";

/** Columns of the list; the header uses the same. Small screens show two lines instead. */
export const columns =
  "grid grid-cols-[1.75rem_minmax(0,1fr)_auto] gap-x-3 md:grid-cols-[1rem_1.75rem_minmax(0,1fr)_8rem_4.5rem_4.5rem_8.5rem_3.75rem] xl:grid-cols-[1rem_1.75rem_minmax(0,1fr)_11rem_8rem_4.5rem_4.5rem_8.5rem_3.75rem]";

/** More would leave no room for the title; all are on the session's own page. */
const SHOWN_TAGS = 3;

interface SessionLineProps {
  session: SessionRow;
  isSelected: boolean;
  onSelect: (isRange: boolean) => void;
}

/** One session of the list: what it was about, where, when, and what it took. */
export function SessionLine({ session, isSelected, onSelect }: SessionLineProps) {
  const tokens = totalTokens(session);
  const price = priceLabel(session, tokens);
  const place = [session.projectName, session.gitBranch].filter(Boolean).join(" · ");
  return (
    <>
      {/* Above the link, which covers the row. */}
      <td className="relative z-1 hidden md:flex">
        <input
          type="checkbox"
          aria-label={`Select ${sessionTitle(session)}`}
          className="size-4 accent-accent"
          checked={isSelected}
          onChange={({ nativeEvent }) => onSelect(nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
        />
      </td>
      <td className="flex">
        <Badge {...agentBadge(session.source)} />
      </td>
      <td className="min-w-0">
        <span className="flex items-center gap-2">
          <ActiveDot session={session} />
          {session.starred ? <Star size={13} aria-label="Starred" className="shrink-0 fill-current text-warn" /> : null}
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: session.id }}
            data-row-link
            className="truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {sessionTitle(session)}
          </Link>
          {(session.tags ?? []).slice(0, SHOWN_TAGS).map((tag) => (
            <span key={tag} className="hidden shrink-0 rounded bg-fill-strong px-1.5 text-muted text-xs sm:inline">
              {tag}
            </span>
          ))}
        </span>
        <span className="block truncate text-muted text-sm" title={session.projectPath}>
          {place || session.projectPath || "no project"}
          <span className="md:hidden">
            {session.device ? ` · ${session.device}` : ""} · {formatCount(session.messageCount)} msg
          </span>
        </span>
      </td>
      <td className="hidden truncate text-muted text-sm xl:block" title={session.model}>
        {session.model || "–"}
      </td>
      <td className="hidden truncate text-muted text-sm md:block" title={session.device}>
        {session.device || "–"}
      </td>
      <td className="hidden text-right text-sm md:block">{formatCount(session.messageCount)}</td>
      <td className="hidden text-right text-sm md:block" title={tokens > 0 ? formatCount(tokens) : "not reported"}>
        {tokens > 0 ? formatCompact(tokens) : <span className="text-faint">–</span>}
      </td>
      <td className="hidden text-right text-sm md:block">
        <LabelledFigure {...price} />
      </td>
      <td className="text-right text-muted text-sm">
        <Time timeMs={session.updatedAt || session.createdAt} className="block" />
        <LabelledFigure {...price} className="md:hidden" />
      </td>
    </>
  );
}

function ActiveDot({ session }: { session: SessionRow }) {
  if (!isActive(session, useNow())) return null;
  return (
    <span title="Active in the last minute" className="size-2 shrink-0 rounded-full bg-accent animate-breathe">
      <span className="sr-only">Active now.</span>
    </span>
  );
}
