import type { Tokens } from "@opensync/client";
import { type Data, textOf } from "./json.ts";
import { mapTokens } from "./map-tokens.ts";
import { reportedCost } from "./reported-cost.ts";

/** Sums over the messages of a session, and the model that answered last. */
export type Totals = {
  readonly model: string | undefined;
  readonly provider: string | undefined;
  readonly tokens: Tokens;
  /** USD; undefined: nothing was reported. */
  readonly cost: number | undefined;
};

/** Adds up what messages say about themselves, for versions that keep no totals. */
export class TotalsCounter {
  #model: string | undefined;
  #provider: string | undefined;
  #cost = 0;
  readonly #tokens = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

  /** @param info a message, oldest first: `{role, modelID, providerID, tokens, cost}` */
  add(info: Data): void {
    if (info["role"] === "assistant") {
      this.#model = textOf(info["modelID"]) ?? this.#model;
      this.#provider = textOf(info["providerID"]) ?? this.#provider;
    }
    this.#cost += reportedCost(info["cost"]) ?? 0;
    const {
      input = 0,
      cacheRead = 0,
      cacheWrite = 0,
      output = 0,
      reasoning = 0,
    } = mapTokens(info["tokens"])?.tokens ?? {};
    this.#tokens.input += input;
    this.#tokens.cacheRead += cacheRead;
    this.#tokens.cacheWrite += cacheWrite;
    this.#tokens.output += output;
    this.#tokens.reasoning += reasoning;
  }

  get totals(): Totals {
    const cost = reportedCost(this.#cost);
    return { model: this.#model, provider: this.#provider, tokens: { ...this.#tokens }, cost };
  }
}
