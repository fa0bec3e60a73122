import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { finishDetached, isDetached, startDetached } from "./detached.ts";
import { guard, guardAtOnce } from "./guard.ts";
import { observeGit } from "./observe/git.ts";
import { type OpenCodeEvent, tellTouched } from "./sources/opencode/events.ts";
import { liveOpenCode } from "./sources/opencode/live.ts";
import { LiveSync } from "./sync/live-sync.ts";

/** OpenCode's terminal interface kills its plugins 5 s after it began to exit; this leaves it a second. */
const EXIT_BUDGET_MS = 4_000;

/** What an earlier start left behind can wait until this one is usable. */
const CATCH_UP_DELAY_MS = 1_000;

/** What all copies of this plugin in one process share. */
type Shared = {
  readonly live: LiveSync;
  readonly report: (message: string) => void;
  finishing: Promise<void> | undefined;
};

/** OpenCode loads a plugin twice when it is in the global and the project's configuration; it must work once. */
const SHARED = Symbol.for("opensync.plugin.1");

function shared(): Shared {
  const holder: { [SHARED]?: Shared; readonly Symbol: unknown } = globalThis;
  if (holder[SHARED] === undefined) {
    const live = new LiveSync({ source: liveOpenCode, env: process.env, device: hostname(), observeGit });
    holder[SHARED] = { live, report: (message) => live.report(message), finishing: undefined };
  }
  return holder[SHARED];
}

/** Sends what is left while OpenCode exits; what does not make it in time is left to a process of its own. */
function finish(state: Shared): Promise<void> {
  state.finishing ??= state.live
    .finish(EXIT_BUDGET_MS)
    .then((isDone) => {
      if (!isDone) startDetached(fileURLToPath(import.meta.url), process.env);
    })
    .finally(() => {
      state.finishing = undefined;
    });
  return state.finishing;
}

/** Plugin of OpenCode 1.x. Returns at once: OpenCode waits for it before its first screen. */
async function server() {
  const state = shared();
  state.live.startCatchUp(CATCH_UP_DELAY_MS);
  return {
    // The hot path, about a thousand times in a long turn: it puts an id into a set.
    event: guardAtOnce("event", state.report, ({ event }: { event: OpenCodeEvent }) => tellTouched(event, state.live)),
    dispose: guard("dispose", state.report, async () => finish(state)),
  };
}

/** What OpenCode 2 hands to its plugins, as far as it is used here. */
type SetupContext = { readonly event?: { readonly subscribe?: unknown } };

/** Plugin of OpenCode 2. Version 1 calls it too, without events: then `server` does the work. */
async function setup(context: SetupContext) {
  const subscribe = context.event?.subscribe;
  if (typeof subscribe !== "function") return undefined;
  const state = shared();
  const stop = new AbortController();
  const listen = guard("subscribe", state.report, async () => {
    const events: AsyncIterable<OpenCodeEvent> = subscribe({ signal: stop.signal });
    for await (const event of events) tellTouched(event, state.live);
  });
  void listen();
  return guard("cleanup", state.report, async () => {
    stop.abort();
    await finish(state);
  });
}

// The same file is the program of the detached process, so that one file is all that has to be installed.
if (isDetached(process.env) && process.argv[1] === fileURLToPath(import.meta.url)) {
  void finishDetached(shared().live, process.env);
}

export default { id: "opensync", server, setup };
