import { readFileSync } from "node:fs";
import * as z from "zod";
import { tableFile } from "../../scripts/prices/price-table.mjs";
import type { MessageRow, SessionRow } from "./reference-model.ts";

// What a row costs, written down as plainly as possible. Names are taken as the list writes them.

const rateSchema = z.object({
  provider: z.string(),
  model: z.string(),
  from: z.string().optional(),
  tier: z.string().optional(),
  above: z.number().optional(),
  input: z.number(),
  output: z.number(),
  cacheRead: z.number().optional(),
  cacheWrite: z.number().optional(),
  cacheWrite1h: z.number().optional(),
});
export type Rate = z.infer<typeof rateSchema>;

/** The rates that the server ships with. */
export const shippedRates = z
  .object({ rates: z.array(rateSchema) })
  .parse(JSON.parse(readFileSync(tableFile, "utf8"))).rates;

const ORDINARY_TIERS = ["", "standard", "default", "auto"];

/** The row with its price, if an agent has not reported one and the rates have one. */
export function withPrice<Row extends MessageRow | SessionRow>(row: Row, rates: readonly Rate[]): Row {
  if (row.tokens === null || row.costSource === "reported" || row.costSource === "") return row;
  if (row.promptTokens + row.completionTokens === 0) return row;
  const tier = "serviceTier" in row ? String(row["serviceTier"]).toLowerCase() : "";
  const requestSize = "role" in row ? row.promptTokens : 0;
  const fitting = rates.filter((rate) => {
    const isTier = ORDINARY_TIERS.includes(tier) ? rate.tier === undefined : rate.tier === tier;
    const isValid = rate.from === undefined || Date.parse(rate.from) <= row.createdAt;
    // Without a provider it is whoever makes the model; no two of the list make one of the same name.
    const isName = ["", rate.provider].includes(String(row["provider"])) && rate.model === row.model;
    return isName && isTier && isValid && (rate.above === undefined || requestSize > rate.above);
  });
  const [rate] = fitting.toSorted((a, b) => compare(b.from ?? "", a.from ?? "") || (b.above ?? 0) - (a.above ?? 0));
  if (!rate) return row;
  const { input, output, cacheRead, cacheWrite, cacheWrite1h } = row.tokens;
  const longLived = Math.min(cacheWrite1h, cacheWrite);
  const micro = (usd: number) => Math.round(usd * 1e6);
  const picoUsd =
    input * micro(rate.input) +
    output * micro(rate.output) +
    cacheRead * micro(rate.cacheRead ?? rate.input) +
    (cacheWrite - longLived) * micro(rate.cacheWrite ?? rate.input) +
    longLived * micro(rate.cacheWrite1h ?? rate.cacheWrite ?? rate.input);
  return { ...row, cost: Math.round(picoUsd / 1000) / 1e9, costSource: "computed" };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
