import { type Bindings, execute, queryAll, queryOne } from "../lib/vm.ts";
import type { ListName } from "../sql/stage.ts";
import { noteMeanings } from "./look-up.ts";
import { PARTIALS, type Pricing, SNAPSHOTS } from "./staged.ts";

/**
 * Prices the snapshots on the stage that nobody else has priced.
 * @param now epoch milliseconds, for those that state no time
 */
export function priceSnapshots(txApp: core.App, list: ListName, now: number): void {
  price(txApp, SNAPSHOTS[list], { now });
}

/** Prices what the partials of the request have merged into. */
export function pricePartials(txApp: core.App, list: ListName): void {
  price(txApp, PARTIALS[list], {});
}

/** Most requests have nothing to price: they end after one look. */
function price(txApp: core.App, statements: Pricing, bindings: Bindings): void {
  const { open, unnamed } = queryOne(txApp, statements.count, {}, { open: 0, unnamed: 0 }) ?? { open: 0, unnamed: 0 };
  if (unnamed > 0) noteMeanings(txApp, queryAll(txApp, statements.newNames, {}, { provider: "", model: "" }));
  if (open > 0) execute(txApp, statements.price, bindings);
}
