import * as z from "zod/mini";

/**
 * Where a cost comes from: `reported` is the agent's own figure and final, `computed` was priced from tokens,
 * `unknown` says that nobody knows. Unknown is not zero.
 */
export const costSourceSchema = z.enum(["reported", "computed", "unknown"]);
export type CostSource = z.infer<typeof costSourceSchema>;
