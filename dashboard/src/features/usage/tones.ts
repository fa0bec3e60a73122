/** Colours of the groups in chart and table, in their order; the last one is that of all others. */
export const toneFills = [
  "bg-tone-blue",
  "bg-tone-amber",
  "bg-tone-purple",
  "bg-accent",
  "bg-tone-orange",
  "bg-faint",
] as const;
