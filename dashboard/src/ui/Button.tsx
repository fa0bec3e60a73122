import type { ComponentProps } from "react";
import { classes } from "./classes.ts";

const looks = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent",
  plain: "bg-surface text-ink border-line-strong hover:bg-fill",
  quiet: "text-muted border-transparent hover:bg-fill hover:text-ink",
  danger: "bg-danger text-on-danger border-transparent hover:opacity-90",
} as const;

/** Classes of a button, for links that look like one. */
export function buttonLook(look: keyof typeof looks, isSmall = false): string {
  return classes(
    "touch-target inline-flex items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-100 disabled:opacity-50",
    isSmall ? "h-7 px-2 text-sm" : "h-9 px-3.5 text-base",
    looks[look],
  );
}

interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof looks;
  isSmall?: boolean;
}

export function Button({ look = "plain", isSmall = false, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={classes(buttonLook(look, isSmall), className)} {...rest} />;
}

interface IconButtonProps extends ComponentProps<"button"> {
  /** Read by screen readers and shown on hover. */
  label: string;
}

/** A button that is only an icon; its label is its name. */
export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={classes(
        "touch-target inline-flex size-8 items-center justify-center rounded-md text-muted transition-colors duration-100 hover:bg-fill hover:text-ink disabled:opacity-50",
        className,
      )}
      {...rest}
    />
  );
}
