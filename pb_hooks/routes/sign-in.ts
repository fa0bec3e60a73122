import { respondError } from "../lib/errors.ts";
import { FAILED_SIGN_INS, giveBack, networkOf, take } from "../lib/rate-limit.ts";
import { requestOf } from "../lib/vm.ts";

/**
 * Around PocketBase's sign-in with a password: wrong ones from one network are limited, 429 with Retry-After. An
 * attempt counts until it turns out to be right, so that many at once do not slip through together.
 */
export function limitSignIn(e: core.RecordAuthWithPasswordRequestEvent): void {
  const network = networkOf(e);
  try {
    take(e.app, FAILED_SIGN_INS, network);
  } catch (cause) {
    respondError(requestOf(e), cause);
    return;
  }
  e.next();
  giveBack(e.app, FAILED_SIGN_INS, network);
}
