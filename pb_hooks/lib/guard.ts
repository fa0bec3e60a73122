import { respondError } from "./errors.ts";

/**
 * Runs a route. Every handler runs inside it: what escapes a handler would reach the client as PocketBase's
 * generic 400, which tells clients that trying again is useless, also when only the disk was full.
 * Never throws.
 */
export function guard(e: core.RequestEvent, run: () => void): void {
  try {
    run();
  } catch (cause) {
    respondError(e, cause);
  }
}
