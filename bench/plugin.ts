import { measureBackfill } from "./backfill.ts";
import { measureFreshness } from "./freshness.ts";
import { measurePluginCost } from "./plugin-cost.ts";
import type { Row } from "./report.ts";

/** Everything between OpenCode and the server; takes minutes. */
export async function measurePlugin(): Promise<Row[]> {
  return [...(await measurePluginCost()), ...(await measureFreshness()), ...(await measureBackfill())];
}
