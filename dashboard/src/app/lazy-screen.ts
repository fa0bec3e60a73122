import { lazyRouteComponent } from "@tanstack/react-router";

/** How often a server that is away is asked whether it is back. */
const ASK_AGAIN_MS = 1_000;

/**
 * A screen that is loaded when it is opened, and once more where that failed and the server answers again. The router
 * answers a failure by loading the whole page anew, to find the screens of a newer version; while the server is away
 * that would leave nothing to read.
 */
export const lazyScreen: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => load().catch(() => untilServerAnswers().then(load)), name);

/** Ends when the server gives any answer at all. */
async function untilServerAnswers(): Promise<void> {
  const hasAnswered = await fetch("/api/health").then(
    () => true,
    () => false,
  );
  if (hasAnswered) return;
  await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  return untilServerAnswers();
}
