import { type ErrorDetails, OpenSyncError } from "./opensync-error.ts";

/** 429: too many requests. Thrown when the retries did not help. */
export class RateLimitedError extends OpenSyncError {
  override readonly name = "RateLimitedError";
  override readonly kind = "rate-limited";
  override readonly retryable = true;
  /** How long the server asked to wait, milliseconds, uncapped; absent when it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(details: ErrorDetails & { readonly retryAfterMs?: number | undefined }) {
    super(details);
    this.retryAfterMs = details.retryAfterMs;
  }
}
