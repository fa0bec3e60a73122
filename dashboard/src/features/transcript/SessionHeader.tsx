import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft, PanelRight } from "lucide-react";
import type { MouseEvent, ReactNode } from "react";
import { agentBadge } from "../../lib/agent-badge.ts";
import { formatCompact, formatCount } from "../../lib/format-number.ts";
import { recallListPlace } from "../../lib/list-place.ts";
import { priceLabel } from "../../lib/price-label.ts";
import type { SessionRecord } from "../../lib/session-record.ts";
import { totalTokens } from "../../lib/token-count.ts";
import { Badge } from "../../ui/Badge.tsx";
import { IconButton } from "../../ui/Button.tsx";
import { Time } from "../../ui/Time.tsx";
import { SessionActions } from "./curation/SessionActions.tsx";
import { TitleEditor } from "./curation/TitleEditor.tsx";

interface SessionHeaderProps {
  session: SessionRecord;
  areDetailsOpen: boolean;
  onToggleDetails: () => void;
}

/** What the session is about, where it ran and what it took, in two lines. */
export function SessionHeader({ session, areDetailsOpen, onToggleDetails }: SessionHeaderProps) {
  const navigate = useNavigate();
  const goBack = (event: MouseEvent) => {
    // With a modifier the browser opens a tab or window of its own.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void navigate({ href: recallListPlace().href });
  };
  const tokens = totalTokens(session);
  const price = priceLabel(session, tokens);
  const place = [session.projectName, session.gitBranch, session.device, session.model].filter(Boolean);
  return (
    <header className="row-line flex items-start gap-2 bg-surface px-2 py-2 max-sm:flex-wrap sm:gap-3 sm:px-4">
      <a
        href={recallListPlace().href}
        onClick={goBack}
        aria-label="Back to the sessions"
        className="touch-target -mt-0.5 flex size-7 items-center justify-center rounded-md text-muted hover:bg-fill hover:text-ink"
      >
        <ChevronLeft size={18} aria-hidden="true" />
      </a>
      <div className="min-w-0 flex-1 max-sm:basis-[calc(100%-3rem)]">
        <div className="flex items-center gap-2">
          <Badge {...agentBadge(session.source)} isLong />
          <TitleEditor session={session} />
        </div>
        <p className="mt-0.5 truncate text-muted text-sm" title={place.join(" · ")}>
          {place.join(" · ")}
        </p>
      </div>
      <dl className="hidden shrink-0 gap-x-5 text-right md:flex">
        <Figure name="messages">{formatCount(session.messageCount)}</Figure>
        <Figure name="tokens">{tokens > 0 ? formatCompact(tokens) : "–"}</Figure>
        <Figure name={price.label ? `cost, ${price.label}` : "cost"}>
          <span title={price.hint}>{price.text}</span>
        </Figure>
        <Figure name="active">
          <Time timeMs={session.updatedAt || session.createdAt} isPhrase />
        </Figure>
      </dl>
      {/* On a phone a line of their own, or the title would have no room. */}
      <div className="flex gap-1 max-sm:ml-auto">
        <SessionActions session={session} onDeleted={() => void navigate({ href: recallListPlace().href })} />
        <IconButton
          label={areDetailsOpen ? "Hide details" : "Show details"}
          aria-expanded={areDetailsOpen}
          onClick={onToggleDetails}
        >
          <PanelRight size={17} aria-hidden="true" />
        </IconButton>
      </div>
    </header>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-faint text-xs">{name}</dt>
      <dd className="font-medium text-base">{children}</dd>
    </div>
  );
}
