import { Link } from "@tanstack/react-router";
import { Star } from "lucide-react";
import { agentBadge } from "../../lib/agent-badge.ts";
import { formatCompact, formatCount, formatCounted } from "../../lib/format-number.ts";
import { formatExact } from "../../lib/format-time.ts";
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
        <TitleLine session={session} />
        <PlaceLine session={session} />
      </td>
      <td className="hidden truncate text-muted text-sm xl:block">{session.model || "–"}</td>
      <td className="hidden truncate text-muted text-sm md:block">{session.device || "–"}</td>
      <td className="hidden text-right text-sm md:block">{formatCount(session.messageCount)}</td>
      <td className="hidden text-right text-sm md:block">
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

/**
 * What a row cuts off or rounds, in full. It belongs to the row, because the link covers everything in it.
 * @returns one fact a line
 */
export function sessionHint(session: SessionRow): string {
  const { projectName, projectPath, gitBranch, model, device } = session;
  const tokens = totalTokens(session);
  const facts = [
    sessionTitle(session),
    [projectPath || projectName, gitBranch].filter(Boolean).join(" · "),
    [model, device].filter(Boolean).join(" · "),
    tokens > 0 ? formatCounted(tokens, "token") : "tokens not reported",
    priceLabel(session, tokens).hint,
    `active ${formatExact(session.updatedAt || session.createdAt)}`,
  ];
  return facts.filter(Boolean).join("\n");
}

/** What it was about, with what people marked it with. */
function TitleLine({ session }: { session: SessionRow }) {
  return (
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
  );
}

/** Where it ran; on a phone also what has a column of its own elsewhere. */
function PlaceLine({ session }: { session: SessionRow }) {
  const { projectName, projectPath, gitBranch, device, messageCount } = session;
  const place = [projectName || projectPath, gitBranch].filter(Boolean).join(" · ");
  return (
    <span className="block truncate text-muted text-sm">
      {place || "no project"}
      <span className="md:hidden">
        {device ? ` · ${device}` : ""} · {formatCount(messageCount)} msg
      </span>
    </span>
  );
}

function ActiveDot({ session }: { session: SessionRow }) {
  if (!isActive(session, useNow())) return null;
  return (
    <span title="Active just now" className="size-2 shrink-0 rounded-full bg-accent animate-breathe">
      <span className="sr-only">Active now.</span>
    </span>
  );
}
