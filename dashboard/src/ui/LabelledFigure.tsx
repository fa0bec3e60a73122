import { classes } from "./classes.ts";

interface LabelledFigureProps {
  text: string;
  /** Where the figure is from; empty = the text says it. */
  label: string;
  /** The exact figure, on hover. */
  hint: string;
  className?: string;
}

/** A figure with its origin beside it, never in a legend elsewhere. */
export function LabelledFigure({ text, label, hint, className }: LabelledFigureProps) {
  return (
    <span title={hint} className={classes("inline-flex items-baseline gap-1 whitespace-nowrap", className)}>
      <span className={label === "" ? "text-faint" : undefined}>{text}</span>
      {label === "" ? null : <span className="text-2xs text-faint">{label}</span>}
    </span>
  );
}
