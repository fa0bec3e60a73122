import { type ErrorDetails, OpenSyncError } from "./opensync-error.ts";

/** No answer at all: nobody listens, the name is unknown, the connection broke, or its certificate is not trusted. */
export class NetworkError extends OpenSyncError {
  override readonly name = "NetworkError";
  override readonly kind = "network";
  /** False only when waiting cannot help, as with a certificate. */
  override readonly retryable: boolean;
  /** The runtime's code, as `ECONNREFUSED`; absent when it gives none (browsers never do). */
  readonly code: string | undefined;

  constructor(details: ErrorDetails & { readonly retryable: boolean; readonly code?: string | undefined }) {
    super(details);
    this.retryable = details.retryable;
    this.code = details.code;
  }
}
