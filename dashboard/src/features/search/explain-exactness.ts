import type { SearchAnswer } from "@opensync/client";
import { formatCount } from "../../lib/format-number.ts";
import { formatExact } from "../../lib/format-time.ts";

/** Says in a sentence what an answer covers, and what it does not. */
export function explainExactness({ isExact, ranked, searchedBackTo, ignored }: SearchAnswer["exactness"]): string {
  const sentences = [
    coverage(isExact, ranked, searchedBackTo),
    ...(ignored.length > 0 ? [`Left out, because there are too many words: ${ignored.join(" ")}.`] : []),
  ];
  return sentences.join(" ");
}

function coverage(isExact: boolean, ranked: number | undefined, searchedBackTo: number | undefined): string {
  if (isExact && searchedBackTo === undefined) return "All sessions were searched.";
  if (ranked !== undefined) {
    return isExact
      ? `All ${formatCount(ranked)} matching messages were compared.`
      : `The newest ${formatCount(ranked)} matching messages were compared; there are more.`;
  }
  const back = searchedBackTo === undefined ? "" : ` back to ${formatExact(searchedBackTo)}`;
  return `Everything${back} was searched; older matches follow.`;
}
