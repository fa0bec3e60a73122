/** OpenCode writes 0 for a subscription and for a model that it has no price of: that reports nothing. */
export function reportedCost(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}
