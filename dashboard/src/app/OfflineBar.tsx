import { formatClock } from "../lib/format-time.ts";
import { useLiveState } from "../lib/live/use-live.tsx";

/** Says that the server is away, and how old what the page shows is. Reading goes on. */
export function OfflineBar() {
  const { status, sinceMs, lastGoodMs } = useLiveState();
  if (status !== "offline") return null;
  return (
    <p role="alert" className="row-line bg-warn-fill px-4 py-1.5 text-center text-sm text-warn">
      Offline since {formatClock(sinceMs)}
      {lastGoodMs === null ? "" : `, showing data from ${formatClock(lastGoodMs)}`}. The page goes on by itself when the
      server answers.
    </p>
  );
}
