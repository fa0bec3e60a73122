import { expect, test } from "vitest";
import { type LiveEvent, type LiveState, nextLiveState } from "./live-state.ts";

const start: LiveState = { status: "connecting", sinceMs: 0, lastGoodMs: null };

/** Applies events a second apart. */
const after = (...events: LiveEvent[]) =>
  events.reduce((state, event, index) => nextLiveState(state, event, (index + 1) * 1_000), start);

test.each<{ name: string; events: LiveEvent[]; expected: LiveState }>([
  {
    name: "a connection makes it live",
    events: ["connected"],
    expected: { status: "live", sinceMs: 1_000, lastGoodMs: 1_000 },
  },
  {
    name: "a short loss is reconnecting",
    events: ["connected", "lost"],
    expected: { status: "reconnecting", sinceMs: 2_000, lastGoodMs: 1_000 },
  },
  {
    name: "a long loss is offline since it was given up",
    events: ["connected", "lost", "given-up"],
    expected: { status: "offline", sinceMs: 3_000, lastGoodMs: 1_000 },
  },
  {
    name: "further failed attempts do not move the time",
    events: ["connected", "lost", "given-up", "lost", "given-up"],
    expected: { status: "offline", sinceMs: 3_000, lastGoodMs: 1_000 },
  },
  {
    name: "a late timer does not take a live page offline",
    events: ["connected", "lost", "connected", "given-up"],
    expected: { status: "live", sinceMs: 3_000, lastGoodMs: 3_000 },
  },
  {
    name: "a pull that works is good news, but no connection",
    events: ["connected", "lost", "pulled"],
    expected: { status: "reconnecting", sinceMs: 2_000, lastGoodMs: 3_000 },
  },
  {
    name: "no network is offline at once",
    events: ["connected", "network-gone"],
    expected: { status: "offline", sinceMs: 2_000, lastGoodMs: 1_000 },
  },
  {
    name: "another user starts anew",
    events: ["connected", "started"],
    expected: { status: "connecting", sinceMs: 2_000, lastGoodMs: null },
  },
])("$name", ({ events, expected }) => {
  expect(after(...events)).toEqual(expected);
});
