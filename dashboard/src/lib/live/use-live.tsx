import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { LiveConnection } from "./live-connection.ts";
import type { LiveState } from "./live-state.ts";
import { createPullLoop } from "./pull-loop.ts";

const LiveContext = createContext<LiveConnection | null>(null);

/** Gives every component below it the page's live connection. */
export const LiveProvider = LiveContext.Provider;

function useLiveConnection(): LiveConnection {
  const live = useContext(LiveContext);
  if (live === null) throw new Error("live updates need a LiveProvider above");
  return live;
}

/** The state of the connection, for an indicator. */
export function useLiveState(): LiveState {
  const live = useLiveConnection();
  return useSyncExternalStore(live.subscribe, live.getState);
}

/** Lets every screen look for changes now, after this page has made one. */
export function useLookNow(): () => void {
  return useLiveConnection().lookNow;
}

/**
 * Calls `pull` whenever something may have changed on the server, and once more shortly after. A failed pull is tried
 * again at the next signal, and a connection that comes back is one.
 * @param shown what it pulls for; pulled at once when that becomes something else
 */
export function useLivePull(pull: () => Promise<void>, shown = ""): void {
  const live = useLiveConnection();
  const pullLatest = useEffectEvent(pull);
  useEffect(() => {
    const loop = createPullLoop(() => pullLatest().then(live.notePulled, () => undefined), window);
    const stopListening = live.onChange(loop.signal);
    // What was read before may be old: nobody looked after it while something else was shown, or while it was read.
    loop.signal();
    return () => {
      stopListening();
      loop.stop();
    };
  }, [live, shown]);
}
