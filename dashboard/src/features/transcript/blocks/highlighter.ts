import { useSyncExternalStore } from "react";
import type { Options } from "react-markdown";

type PluggableList = NonNullable<Options["rehypePlugins"]>;

const NONE: PluggableList = [];

let plugins: PluggableList = NONE;
let isAskedFor = false;
const listeners = new Set<() => void>();

async function load(): Promise<void> {
  const { default: rehypeHighlight } = await import("rehype-highlight");
  plugins = [[rehypeHighlight, { detect: false }]];
  for (const listener of listeners) listener();
}

/** Without the file (a new build has replaced it, the network is gone) code is shown without colours: still readable. */
function ask(): void {
  if (isAskedFor) return;
  isAskedFor = true;
  load().catch(() => {
    isAskedFor = false;
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * The plugins that colour code: none until they are loaded, which the first code does. They weigh as much as the rest
 * of the page, and nobody should wait for colours to read.
 * @param hasCode whether the text has a fenced block
 */
export function useHighlighter(hasCode: boolean): PluggableList {
  if (hasCode) ask();
  return useSyncExternalStore(subscribe, () => (hasCode ? plugins : NONE));
}
