import { AlertDialog } from "radix-ui";
import type { ReactNode } from "react";
import { buttonLook } from "./Button.tsx";
import { overlayLook, panelLook } from "./Dialog.tsx";

interface ConfirmDialogProps {
  title: string;
  /** What will be lost or stop working. */
  children: ReactNode;
  /** The verb on the dangerous button. */
  action: string;
  isOpen: boolean;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something that cannot be undone. The safe button has the focus. */
export function ConfirmDialog({ title, children, action, isOpen, onConfirm, onCancel }: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayLook} />
        <AlertDialog.Content className={panelLook}>
          <AlertDialog.Title className="font-semibold text-lg">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 space-y-2 text-muted">{children}</div>
          </AlertDialog.Description>
          <div className="mt-6 flex justify-end gap-2">
            <AlertDialog.Cancel className={buttonLook("plain")}>Cancel</AlertDialog.Cancel>
            <AlertDialog.Action className={buttonLook("danger")} onClick={onConfirm}>
              {action}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
