import { OpenSyncError } from "@opensync/client";

/** A file of ours cannot be understood. */
export class ConfigError extends OpenSyncError {
  override readonly name = "ConfigError";
  override readonly kind = "config";
  override readonly retryable = false;
}
