/** What the page knows about its connection. */
export interface LiveState {
  readonly status: "connecting" | "live" | "reconnecting" | "offline";
  /** When this status began, epoch ms. */
  readonly sinceMs: number;
  /** When the page was last known to show what the server has; null before the first time. */
  readonly lastGoodMs: number | null;
}

/** What happens to a connection. `given-up` follows `lost` when it does not come back soon. */
export type LiveEvent = "started" | "connected" | "pulled" | "lost" | "given-up" | "network-gone";

/** The next state. A pull that works says that the data is good, not that signals arrive. */
export function nextLiveState(state: LiveState, event: LiveEvent, nowMs: number): LiveState {
  const to = (status: LiveState["status"]): LiveState =>
    state.status === status ? state : { ...state, status, sinceMs: nowMs };
  switch (event) {
    case "started":
      return { status: "connecting", sinceMs: nowMs, lastGoodMs: null };
    case "connected":
      return { ...to("live"), lastGoodMs: nowMs };
    case "pulled":
      return { ...state, lastGoodMs: nowMs };
    case "lost":
      return state.status === "offline" ? state : to("reconnecting");
    case "given-up":
      return state.status === "live" ? state : to("offline");
    case "network-gone":
      return to("offline");
  }
}
