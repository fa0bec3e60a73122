import type { TextExactness } from "@opensync/client";
import { formatCount } from "../../lib/format-number.ts";
import { formatExact } from "../../lib/format-time.ts";

/** What a count of sessions leaves out, where a text was not looked for everywhere; "" where nothing is left out. */
export function explainReach({ isExact, matches, searchedBackTo, ignored }: TextExactness): string {
  const back = searchedBackTo === undefined ? "" : `, back to ${formatExact(searchedBackTo)}`;
  const newest = matches === undefined ? "" : `among the newest ${formatCount(matches)} matches${back}`;
  return [isExact ? "" : newest, ignored.length > 0 ? `without ${ignored.join(" ")}: too many words` : ""]
    .filter((clause) => clause !== "")
    .join("; ");
}
