import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./Button.tsx";

interface DialogProps {
  title: string;
  description?: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  children: ReactNode;
}

export const overlayLook = "fixed inset-0 z-40 bg-[light-dark(#0f151466,#000000a6)] animate-fade";
export const panelLook =
  "fixed z-50 inset-x-3 top-[12vh] mx-auto max-h-[80vh] max-w-lg overflow-y-auto rounded-xl border border-line bg-raised p-5 shadow-pop animate-fade";

/** A modal panel; Escape and the cross close it. */
export function Dialog({ title, description, isOpen, onOpenChange, children }: DialogProps) {
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayLook} />
        <Primitive.Content className={panelLook} {...(description ? {} : { "aria-describedby": undefined })}>
          <div className="mb-4 flex items-start justify-between gap-4">
            <div>
              <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
              {description ? (
                <Primitive.Description className="mt-0.5 text-muted text-sm">{description}</Primitive.Description>
              ) : null}
            </div>
            <Primitive.Close asChild>
              <IconButton label="Close" className="-mt-1 -mr-1.5">
                <X size={16} aria-hidden="true" />
              </IconButton>
            </Primitive.Close>
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
