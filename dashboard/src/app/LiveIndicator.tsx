import { formatExact } from "../lib/format-time.ts";
import type { LiveState } from "../lib/live/live-state.ts";
import { useLiveState } from "../lib/live/use-live.tsx";

const looks: Record<LiveState["status"], { dot: string; text: string }> = {
  connecting: { dot: "bg-warn animate-breathe", text: "Connecting" },
  live: { dot: "bg-accent", text: "Live" },
  reconnecting: { dot: "bg-warn animate-breathe", text: "Reconnecting" },
  offline: { dot: "bg-danger", text: "Offline" },
};

/** Whether changes appear by themselves; on hover, when the page was last known to be up to date. */
export function LiveIndicator() {
  const { status, lastGoodMs } = useLiveState();
  const { dot, text } = looks[status];
  const title = lastGoodMs === null ? "Not connected yet" : `Up to date at ${formatExact(lastGoodMs)}`;
  return (
    <span role="status" title={title} className="mr-1 inline-flex items-center gap-1.5 text-muted text-sm">
      <span className={`size-2 rounded-full ${dot}`} aria-hidden="true" />
      <span className="max-sm:sr-only">{text}</span>
    </span>
  );
}
