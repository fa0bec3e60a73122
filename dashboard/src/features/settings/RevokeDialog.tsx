import { formatAgo } from "../../lib/format-time.ts";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import type { KeyRecord } from "./key-record.ts";

interface RevokeDialogProps {
  record: KeyRecord;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Says what stops working before a key is revoked. */
export function RevokeDialog({ record, onConfirm, onCancel }: RevokeDialogProps) {
  const user = record.device ? `The device “${record.device}”` : "Every machine that uses this key";
  const used =
    record.lastUsedAt > 0 ? `It was last used ${formatAgo(record.lastUsedAt, Date.now())}.` : "It has never been used.";
  return (
    <ConfirmDialog
      title={`Revoke “${record.name}”?`}
      action="Revoke key"
      isOpen
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      <p>
        {user} stops syncing at once{record.scope === "full" ? ", and tools that read with it stop working" : ""}.{" "}
        {used}
      </p>
      <p>
        Stored sessions stay. What agents write meanwhile waits on their machine until it signs in with another key. A
        revoked key cannot be brought back.
      </p>
    </ConfirmDialog>
  );
}
