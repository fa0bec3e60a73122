import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "../../../ui/classes.ts";

interface FoldHeadProps {
  isOpen: boolean;
  onToggle: () => void;
  className: string;
  children: ReactNode;
}

/** The line of something folded, which folds and unfolds it. */
export function FoldHead({ isOpen, onToggle, className, children }: FoldHeadProps) {
  return (
    <button type="button" onClick={onToggle} aria-expanded={isOpen} className={className}>
      <ChevronRight
        size={14}
        aria-hidden="true"
        className={classes("shrink-0 text-faint transition-transform duration-100", isOpen && "rotate-90")}
      />
      {children}
    </button>
  );
}
