import { OpenSyncError } from "./opensync-error.ts";

/** 404: the address answers, but has no such route. Mostly it is not an OpenSync server, or a wrong path. */
export class NotFoundError extends OpenSyncError {
  override readonly name = "NotFoundError";
  override readonly kind = "not-found";
  override readonly retryable = false;
}
