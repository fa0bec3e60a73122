import { OpenSyncError } from "./opensync-error.ts";

/** No complete answer within the time of one attempt. The server may have stored what was sent: pushing again is safe. */
export class TimeoutError extends OpenSyncError {
  override readonly name = "TimeoutError";
  override readonly kind = "timeout";
  override readonly retryable = true;
}
