import { OpenSyncError } from "./opensync-error.ts";

/** 403: the key is good, but its scope does not cover the request. */
export class ScopeError extends OpenSyncError {
  override readonly name = "ScopeError";
  override readonly kind = "scope";
  override readonly retryable = false;
}
