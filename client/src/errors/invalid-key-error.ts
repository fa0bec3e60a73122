import { OpenSyncError } from "./opensync-error.ts";

/** 401: the key has a strange form, is unknown, expired or revoked, or was not sent. */
export class InvalidKeyError extends OpenSyncError {
  override readonly name = "InvalidKeyError";
  override readonly kind = "invalid-key";
  override readonly retryable = false;
}
