import type { Tokens } from "@opensync/client";
import { compact, countOf, type Data, dataOf, isData, omit, unlessEmpty } from "./json.ts";

/** Counts of one response in the contract's terms. */
export type MappedTokens = {
  readonly tokens: Tokens;
  /** What the contract has no place for. */
  readonly rest: Data | undefined;
};

/**
 * Maps OpenCode's counts of one response. Its input is without cache, as in the contract. Whether its output includes
 * reasoning depends on the version: `total`, the provider's own sum, tells.
 * @param withoutTotal whether a count without `total` has its reasoning inside of the output, as up to 1.0
 * @returns undefined when they are not counts
 * @source measured: 1.0.185-1.3.2 output 180 of which reasoning 25, 1.14.34-1.18.33 output 155 beside reasoning 25
 */
export function mapTokens(value: unknown, withoutTotal: "inside" | "beside" = "inside"): MappedTokens | undefined {
  if (!isData(value)) return undefined;
  const cache = dataOf(value["cache"]);
  const input = countOf(value["input"]);
  const output = countOf(value["output"]);
  if (input === undefined || output === undefined) return undefined;
  const reasoning = countOf(value["reasoning"]) ?? 0;
  const cacheRead = countOf(cache["read"]) ?? 0;
  const cacheWrite = countOf(cache["write"]) ?? 0;
  const total = value["total"];
  const isInside =
    reasoning > 0 &&
    (total === undefined
      ? withoutTotal === "inside" && reasoning <= output
      : total === input + cacheRead + cacheWrite + output);
  return {
    tokens: { input, cacheRead, cacheWrite, output: isInside ? output : output + reasoning, reasoning },
    rest: unlessEmpty(
      compact({
        ...omit(value, "input", "output", "reasoning", "cache"),
        reasoningInOutput: isInside ? true : undefined,
      }),
    ),
  };
}

/** OpenCode's counts as they were. */
export function restoreTokens(tokens: Tokens | undefined, rest: Data): Data | undefined {
  if (tokens === undefined) return undefined;
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0 } = tokens;
  const isInside = rest["reasoningInOutput"] === true;
  return {
    ...omit(rest, "reasoningInOutput"),
    input,
    output: isInside ? output : output - reasoning,
    reasoning,
    cache: { read: cacheRead, write: cacheWrite },
  };
}
