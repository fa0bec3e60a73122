const DAY_MS = 86_400_000;

/** The choices of a key's life; 0 days = for ever. */
export const expiryChoices = [
  { days: 0, label: "Never" },
  { days: 30, label: "In 30 days" },
  { days: 90, label: "In 90 days" },
  { days: 365, label: "In a year" },
] as const;

/** The time at which a key ends that is made now, or undefined if it does not. */
export function expiryTime(days: number, nowMs: number): number | undefined {
  return days > 0 ? nowMs + days * DAY_MS : undefined;
}
