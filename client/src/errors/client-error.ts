import type { ContractError } from "./contract-error.ts";
import type { DeletedError } from "./deleted-error.ts";
import type { InvalidKeyError } from "./invalid-key-error.ts";
import type { InvalidUrlError } from "./invalid-url-error.ts";
import type { MalformedRequestError } from "./malformed-request-error.ts";
import type { NetworkError } from "./network-error.ts";
import type { NotFoundError } from "./not-found-error.ts";
import { isOpenSyncError } from "./opensync-error.ts";
import type { RateLimitedError } from "./rate-limited-error.ts";
import type { ScopeError } from "./scope-error.ts";
import type { TimeoutError } from "./timeout-error.ts";
import type { TooLargeError } from "./too-large-error.ts";
import type { UnavailableError } from "./unavailable-error.ts";

/** Whatever the client itself throws: a `switch` over `kind` that misses one does not compile. */
export type ClientError =
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

/** Every kind once; a missing or a strange one does not compile. */
const KINDS: Readonly<Record<ClientError["kind"], true>> = {
  contract: true,
  deleted: true,
  "invalid-key": true,
  "invalid-url": true,
  "malformed-request": true,
  network: true,
  "not-found": true,
  "rate-limited": true,
  scope: true,
  timeout: true,
  "too-large": true,
  unavailable: true,
};

/**
 * Whether a caught value was thrown by the client. Others may extend `OpenSyncError` with kinds of their own: these are
 * not meant. Works across realms and across copies of this module. Never throws.
 */
export function isClientError(value: unknown): value is ClientError {
  return isOpenSyncError(value) && Object.hasOwn(KINDS, value.kind);
}
