import { agentBadge } from "../../lib/agent-badge.ts";
import { formatCount } from "../../lib/format-number.ts";
import { formatDuration, formatExact } from "../../lib/format-time.ts";
import { priceLabel } from "../../lib/price-label.ts";
import type { SessionRecord } from "../../lib/session-record.ts";
import { tokenKinds, totalTokens } from "../../lib/token-count.ts";

/** A named fact; `isCode` for what is read letter by letter. */
export interface Fact {
  readonly name: string;
  readonly text: string;
  readonly isCode?: boolean;
}

/** Facts that belong together. */
export interface FactGroup {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** Everything that is known of a session, grouped; what is not known is left out, except the cost, which says so. */
export function sessionFacts(session: SessionRecord): FactGroup[] {
  const tokens = totalTokens(session);
  const price = priceLabel(session, tokens);
  const time = (ms: number) => (ms > 0 ? formatExact(ms) : "");
  const groups = [
    {
      title: "Cost and tokens",
      facts: [
        { name: "Cost", text: [price.text, price.label].filter(Boolean).join(", ") },
        { name: "Not in it", text: unpricedText(session.unpricedMessages) },
        ...tokenKinds(session).map(({ name, count }) => ({ name, text: formatCount(count) })),
        ...(tokens === 0 ? [{ name: "Tokens", text: "not reported" }] : []),
      ],
    },
    {
      title: "Work",
      facts: [
        { name: "Messages", text: formatCount(session.messageCount) },
        { name: "Tool calls", text: formatCount(session.toolCallCount) },
        { name: "Agent", text: [agentBadge(session.source).name, session.agentVersion].filter(Boolean).join(" ") },
        { name: "Model", text: [session.provider, session.model].filter(Boolean).join(" / ") },
      ],
    },
    {
      title: "Place",
      facts: [
        { name: "Device", text: session.device },
        { name: "Folder", text: session.projectPath, isCode: true },
        { name: "Repository", text: session.gitRemote, isCode: true },
        { name: "Branch", text: session.gitBranch, isCode: true },
        { name: "Commit", text: session.gitCommit.slice(0, 12), isCode: true },
      ],
    },
    {
      title: "Time",
      facts: [
        { name: "Started", text: time(session.createdAt) },
        { name: "Last activity", text: time(session.updatedAt) },
        { name: "Duration", text: durationOf(session) },
        { name: "Archived", text: time(session.archivedAt) },
        { name: "Last synced", text: time(session.syncedAt) },
      ],
    },
    {
      title: "Identity",
      facts: [
        { name: "Agent's id", text: session.externalId, isCode: true },
        { name: "Started by", text: session.parentExternalId, isCode: true },
        { name: "Copy of", text: session.forkedFrom, isCode: true },
      ],
    },
  ];
  return groups.map(({ title, facts }) => ({ title, facts: facts.filter(({ text }) => text !== "") }));
}

function unpricedText(messages: number): string {
  if (messages === 0) return "";
  return `${formatCount(messages)} ${messages === 1 ? "message" : "messages"} of unknown cost`;
}

/** The agent's own figure, else the time between the first and the last sign of life. */
function durationOf({ durationMs, createdAt, updatedAt }: SessionRecord): string {
  if (durationMs > 0) return formatDuration(durationMs);
  return updatedAt > createdAt && createdAt > 0 ? `${formatDuration(updatedAt - createdAt)} from first to last` : "";
}
