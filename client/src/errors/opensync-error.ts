/**
 * Marks errors of this family across realms: the plugin, the CLI and a test can each hold a copy of this module, and
 * `instanceof` would not know the others'.
 */
const BRAND = Symbol.for("opensync.error");

export interface ErrorDetails {
  /** What failed, on what. One line, no secret. */
  readonly message: string;
  /** What to do about it: a command or a place. */
  readonly hint: string;
  /** HTTP status of the answer; absent when there was none. */
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Base of everything that we throw on purpose. One subclass per cause, each with a literal `name` and `kind`, so that a
 * `switch` over `kind` narrows: see `ClientError`.
 *
 * Not in the family: the reason of an `AbortSignal` that the caller handed in. It is thrown as it is, because the
 * caller knows it and nothing went wrong.
 */
export abstract class OpenSyncError extends Error {
  readonly [BRAND] = true;
  abstract readonly kind: string;
  /** Whether the same call may succeed later without anybody doing anything. */
  abstract readonly retryable: boolean;
  readonly hint: string;
  readonly status: number | undefined;

  constructor({ message, hint, status, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.hint = hint;
    this.status = status;
  }
}

/** Whether a caught value is of this family. Works across realms and across copies of this module. Never throws. */
export function isOpenSyncError(value: unknown): value is OpenSyncError {
  return typeof value === "object" && value !== null && BRAND in value;
}
