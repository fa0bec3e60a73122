import type { CreateKeyAnswer } from "@opensync/client";
import { useSyncExternalStore } from "react";

/**
 * The key that was made a moment ago. It lives in the memory of this page only: not in the address, not in storage, and
 * gone after a reload, since a key is shown once.
 */
export interface FreshKey {
  readonly answer: CreateKeyAnswer;
  /** The very first key of a new server: the page then also waits for the first session. */
  readonly isFirst: boolean;
}

let current: FreshKey | null = null;
const listeners = new Set<() => void>();

/** Shows a key until it is put away with `null`. */
export function setFreshKey(key: FreshKey | null): void {
  current = key;
  for (const listener of listeners) listener();
}

/** The key to show, or null. */
export function useFreshKey(): FreshKey | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
