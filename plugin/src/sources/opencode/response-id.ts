import { createHash } from "node:crypto";
import type { Tokens } from "@opensync/client";

/**
 * Identity of a paid response. A fork copies messages under new ids; their time, model, tokens and cost stay, and a
 * response is paid once.
 * @returns undefined for a response that used no tokens
 */
export function responseIdOf(
  createdAt: number,
  model: string | undefined,
  tokens: Tokens | undefined,
  cost: number | undefined,
): string | undefined {
  if (tokens === undefined || Object.values(tokens).every((count) => count === 0)) return undefined;
  const { input, cacheRead, cacheWrite, output, reasoning } = tokens;
  const identity = [createdAt, model ?? "", input, cacheRead, cacheWrite, output, reasoning, cost ?? 0];
  return `opencode:${createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32)}`;
}
