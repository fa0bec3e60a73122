import { formatUsd } from "../../lib/price-label.ts";

/** A sum of money that says when it is not all: `at least $12.40`, `unknown`. Unknown is never $0.00. */
export function costText(usd: number, isPartial: boolean, tokens: number): string {
  if (!isPartial) return usd === 0 && tokens === 0 ? "–" : formatUsd(usd);
  return usd === 0 ? "unknown" : `at least ${formatUsd(usd)}`;
}
