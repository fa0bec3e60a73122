import { OpenSyncError } from "./opensync-error.ts";

/** 400, 415 and any other 4xx without a class of its own: the server does not understand what was sent. */
export class MalformedRequestError extends OpenSyncError {
  override readonly name = "MalformedRequestError";
  override readonly kind = "malformed-request";
  override readonly retryable = false;
}
