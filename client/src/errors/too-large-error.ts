import { OpenSyncError } from "./opensync-error.ts";

/** 413: the body is above 8 MiB, a list above 5,000 items, or a proxy in between allows less. Nothing was stored. */
export class TooLargeError extends OpenSyncError {
  override readonly name = "TooLargeError";
  override readonly kind = "too-large";
  override readonly retryable = false;
}
