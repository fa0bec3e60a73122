import { classes } from "./classes.ts";

const tones = {
  blue: "text-tone-blue bg-tone-blue-fill",
  amber: "text-tone-amber bg-tone-amber-fill",
  purple: "text-tone-purple bg-tone-purple-fill",
  violet: "text-tone-violet bg-tone-violet-fill",
  orange: "text-tone-orange bg-tone-orange-fill",
  grey: "text-tone-grey bg-tone-grey-fill",
} as const;

interface BadgeProps {
  code: string;
  name: string;
  tone: keyof typeof tones;
  /** Shows the name instead of the code. */
  isLong?: boolean;
}

/** A short code in a colour; its name is there for screen readers and on hover. */
export function Badge({ code, name, tone, isLong = false }: BadgeProps) {
  const size = isLong ? "px-1.5 text-xs" : "w-7 text-2xs tracking-wide";
  return (
    <span
      title={name}
      className={classes("inline-flex h-5 items-center justify-center rounded font-semibold", size, tones[tone])}
    >
      {isLong ? name : <span aria-hidden="true">{code}</span>}
      {isLong ? null : <span className="sr-only">{name}</span>}
    </span>
  );
}
