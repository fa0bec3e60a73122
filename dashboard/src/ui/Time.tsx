import { formatAge, formatAgo, formatExact } from "../lib/format-time.ts";
import { useNow } from "../lib/use-now.ts";

interface TimeProps {
  /** Epoch ms. */
  timeMs: number;
  /** "5m ago" instead of "5m". */
  isPhrase?: boolean;
  className?: string;
}

/** How long ago something was; the exact time is on hover and for machines. */
export function Time({ timeMs, isPhrase = false, className }: TimeProps) {
  const nowMs = useNow();
  return (
    <time dateTime={new Date(timeMs).toISOString()} title={formatExact(timeMs)} className={className}>
      {isPhrase ? formatAgo(timeMs, nowMs) : formatAge(timeMs, nowMs)}
    </time>
  );
}
