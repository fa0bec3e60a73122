import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { respondQuery } from "../lib/respond.ts";
import { readQuestion, usageStatement } from "../reading/usage.ts";
import { statsSql } from "../reading/usage-sql.ts";

/**
 * `GET /api/stats`: the first version's statistics, of all time and all sessions that are not deleted: `{sessionCount,
 * messageCount, totalTokens, totalCost, totalDurationMs, modelUsage: {model: {tokens, cost, sessions}}}`.
 */
export function handleStats(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const parameters = new Parameters(e);
    const { sql, bindings } = usageStatement(e.app, userId, parameters, readQuestion(parameters), statsSql);
    respondQuery(e, sql, bindings);
  });
}
