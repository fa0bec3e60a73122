import { ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "../../ui/Button.tsx";

interface FilterMenuProps {
  label: string;
  /** Whether the filter leaves anything out now. */
  isSet: boolean;
  /** How many values are chosen; not shown where it says nothing. */
  count?: number;
  children: ReactNode;
}

/** A button that opens the choices of one filter. `Popover.Close` within them closes it. */
export function FilterMenu({ label, isSet, count = 0, children }: FilterMenuProps) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button isSmall className={isSet ? "border-accent text-accent" : "text-muted"}>
          {label}
          {count > 0 ? <span className="tabular-nums">{count}</span> : null}
          <ChevronDown size={13} aria-hidden="true" />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={12}
          aria-label={`${label} filter`}
          className="z-40 w-72 max-w-[calc(100vw-1.5rem)] rounded-lg border border-line bg-raised p-2 shadow-pop animate-fade"
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
