import { OpenSyncError } from "@opensync/client";

/** The command was called in a way that it does not understand. */
export class UsageError extends OpenSyncError {
  override readonly name = "UsageError";
  override readonly kind = "usage";
  override readonly retryable = false;
}

/** The person did not want to go on. */
export class CancelledError extends OpenSyncError {
  override readonly name = "CancelledError";
  override readonly kind = "cancelled";
  override readonly retryable = false;

  constructor(
    details: { readonly message: string; readonly hint: string } = {
      message: "cancelled",
      hint: "Nothing was changed.",
    },
  ) {
    super(details);
  }
}

/** There is no address or no key to work with. */
export class NotSignedInError extends OpenSyncError {
  override readonly name = "NotSignedInError";
  override readonly kind = "not-signed-in";
  override readonly retryable = false;

  constructor() {
    super({ message: "this machine is not signed in", hint: "Run: opencode-sync login" });
  }
}

/** Something is still to be sent. */
export class NotFinishedError extends OpenSyncError {
  override readonly name = "NotFinishedError";
  override readonly kind = "not-finished";
  override readonly retryable = true;
}
