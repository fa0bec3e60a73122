import { OpenSyncError } from "./opensync-error.ts";

/** The answer is not what the contract says: another program answers at this address, or a proxy, or another version. */
export class ContractError extends OpenSyncError {
  override readonly name = "ContractError";
  override readonly kind = "contract";
  override readonly retryable = false;
}
