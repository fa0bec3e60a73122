import type { SearchAnswer, SearchHit } from "@opensync/client";
import { Link } from "@tanstack/react-router";
import { agentBadge } from "../../lib/agent-badge.ts";
import { formatCounted } from "../../lib/format-number.ts";
import { formatExact } from "../../lib/format-time.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Time } from "../../ui/Time.tsx";
import { markedPieces } from "./marked-pieces.ts";

const places: Readonly<Record<SearchHit["place"], string>> = {
  title: "title",
  text: "message",
  toolInput: "tool input",
  toolOutput: "tool output",
  thinking: "thinking",
};

const roles: Readonly<Record<string, string>> = { user: "your prompt", assistant: "answer" };

/** A session in which something was found; its link leads to the place. */
export function SearchResultItem({ result: { session, hit, matches } }: { result: SearchAnswer["results"][number] }) {
  const where = hit?.place === "text" ? (roles[hit.role ?? ""] ?? places.text) : hit && places[hit.place];
  const facts = [session.projectName, session.device, session.gitBranch].filter(Boolean);
  const title = session.title ?? "Untitled session";
  const lastMs = hit?.createdAt ?? session.updatedAt;
  return (
    // Of the row, because the link covers everything in it.
    <li
      title={[title, facts.join(" · "), formatExact(lastMs)].filter(Boolean).join("\n")}
      className="row-line relative py-2.5 hover:bg-fill"
    >
      <div className="flex items-center gap-2 px-1">
        <Badge {...agentBadge(session.source)} />
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: session.id }}
          search={hit?.messageId === undefined ? {} : { message: hit.messageId }}
          data-row-link
          className="truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {title}
        </Link>
        <span className="ml-auto shrink-0 text-muted text-sm">
          <Time timeMs={lastMs} isPhrase />
        </span>
      </div>
      {hit ? (
        <p className="mt-1 line-clamp-3 break-words px-1 text-sm">
          <span className="mr-2 text-faint text-xs">{where}</span>
          {withPlaces(hit).map(({ at, text, isMarked }) =>
            isMarked ? (
              <mark key={at} className="rounded-sm bg-warn-fill px-0.5 text-ink">
                {text}
              </mark>
            ) : (
              <span key={at}>{text}</span>
            ),
          )}
        </p>
      ) : null}
      <p className="mt-0.5 truncate px-1 text-muted text-sm">
        {facts.join(" · ") || "no project"}
        {matches > 1 ? ` · ${formatCounted(matches, "matching message")}` : ""}
      </p>
    </li>
  );
}

function withPlaces({ snippet, marks }: SearchHit) {
  let at = 0;
  return markedPieces(snippet, marks).map((piece) => {
    const placed = { ...piece, at };
    at += piece.text.length;
    return placed;
  });
}
