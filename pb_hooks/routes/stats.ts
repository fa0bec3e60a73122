import { guardBodyless } from "../lib/guard.ts";
import { requireReader } from "../lib/reader.ts";
import { respondUsage } from "../reading/usage.ts";
import { statsSql } from "../reading/usage-sql.ts";

/**
 * `GET /api/stats`: the first version's statistics, of all time and all sessions that are not deleted: `{sessionCount,
 * messageCount, totalTokens, totalCost, totalDurationMs, modelUsage: {model: {tokens, cost, sessions}}}`.
 */
export function handleStats(e: core.RequestEvent): void {
  guardBodyless(e, () => respondUsage(e, requireReader(e).userId, statsSql));
}
