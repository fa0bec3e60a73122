import { guardBodyless } from "../lib/guard.ts";
import { requireReader } from "../lib/reader.ts";
import { respondUsage } from "../reading/usage.ts";
import { usageSql } from "../reading/usage-sql.ts";

/**
 * `GET /api/usage`: tokens and money by one or two of day, week, month, agent, model, provider, project, device, in the
 * caller's time zone: `{tz, by, from, to, totals, copies, unpricedModels, rows}`. Takes the filters of `GET /api/sessions`.
 */
export function handleUsage(e: core.RequestEvent): void {
  guardBodyless(e, () => respondUsage(e, requireReader(e).userId, usageSql));
}
