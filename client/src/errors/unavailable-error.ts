import { type ErrorDetails, OpenSyncError } from "./opensync-error.ts";

/** Any 5xx: the server, its storage, or a proxy before it fails. Thrown when the retries did not help. */
export class UnavailableError extends OpenSyncError {
  override readonly name = "UnavailableError";
  override readonly kind = "unavailable";
  override readonly retryable = true;
  /** How long the server asked to wait, milliseconds, uncapped; absent when it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(details: ErrorDetails & { readonly retryAfterMs?: number | undefined }) {
    super(details);
    this.retryAfterMs = details.retryAfterMs;
  }
}
