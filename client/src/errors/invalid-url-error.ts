import { OpenSyncError } from "./opensync-error.ts";

/** A server address that cannot be one. Its text never repeats the address: it may hold a password or a token. */
export class InvalidUrlError extends OpenSyncError {
  override readonly name = "InvalidUrlError";
  override readonly kind = "invalid-url";
  override readonly retryable = false;
}
