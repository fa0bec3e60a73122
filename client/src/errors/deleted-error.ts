import { OpenSyncError } from "./opensync-error.ts";

/** 410: the session was deleted on the dashboard and stays deleted until it is restored there. Nothing was stored. */
export class DeletedError extends OpenSyncError {
  override readonly name = "DeletedError";
  override readonly kind = "deleted";
  override readonly retryable = false;
}
