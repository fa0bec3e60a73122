import type { ContractError } from "./contract-error.ts";
import type { DeletedError } from "./deleted-error.ts";
import type { InvalidKeyError } from "./invalid-key-error.ts";
import type { InvalidUrlError } from "./invalid-url-error.ts";
import type { MalformedRequestError } from "./malformed-request-error.ts";
import type { NetworkError } from "./network-error.ts";
import type { NotFoundError } from "./not-found-error.ts";
import { hasErrorBrand } from "./opensync-error.ts";
import type { RateLimitedError } from "./rate-limited-error.ts";
import type { ScopeError } from "./scope-error.ts";
import type { TimeoutError } from "./timeout-error.ts";
import type { TooLargeError } from "./too-large-error.ts";
import type { UnavailableError } from "./unavailable-error.ts";

/** Every class of the family: a `switch` over `kind` that misses one does not compile. */
export type AnyOpenSyncError =
  | ContractError
  | DeletedError
  | InvalidKeyError
  | InvalidUrlError
  | MalformedRequestError
  | NetworkError
  | NotFoundError
  | RateLimitedError
  | ScopeError
  | TimeoutError
  | TooLargeError
  | UnavailableError;

/** Whether a caught value is one of ours. Works across realms and across copies of this module. Never throws. */
export function isOpenSyncError(value: unknown): value is AnyOpenSyncError {
  return hasErrorBrand(value);
}
