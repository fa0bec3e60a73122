import type { FormEvent, ReactNode } from "react";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { Field } from "../../../ui/Field.tsx";

interface DeletionDialogProps {
  title: string;
  /** The verb on the dangerous button. */
  action: string;
  /** What will be lost, and choices about it. */
  children: ReactNode;
  isBusy: boolean;
  error: string | undefined;
  onConfirm: (form: FormData) => void;
  onClose: () => void;
}

/** Asks for the password before something that cannot be undone. */
export function DeletionDialog({ title, action, children, isBusy, error, onConfirm, onClose }: DeletionDialogProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onConfirm(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={title} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <form onSubmit={submit} className="space-y-4">
        <div className="space-y-2 text-muted">{children}</div>
        <Field
          label="Your password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={error}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" disabled={isBusy}>
            {isBusy ? "Deleting…" : action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
