import { drainBody } from "./body.ts";
import { respondError } from "./errors.ts";

/**
 * Runs a route that takes a body. Every handler runs inside a guard: what escapes a handler would reach the client as
 * PocketBase's generic 400, which tells clients that trying again is useless, also when only the disk was full.
 * Never throws.
 */
export function guard(e: core.RequestEvent, run: () => void): void {
  try {
    run();
  } catch (cause) {
    drainBody(e);
    respondError(e, cause);
  }
}

/** The same for a route that takes no body. One that came nevertheless is out of the way before the answer begins. */
export function guardBodyless(e: core.RequestEvent, run: () => void): void {
  drainBody(e);
  guard(e, run);
}
