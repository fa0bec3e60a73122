import type { ClientError } from "../errors/client-error.ts";

/** How long and how often one call tries. All times in milliseconds. */
export interface RetryPolicy {
  /** Attempts in all, at least 1. */
  readonly attempts: number;
  /** Longest pause before the second attempt; doubles with every further one. */
  readonly firstPauseMs: number;
  /** Longest pause ever, also when Retry-After asks for more. */
  readonly maxPauseMs: number;
  /** One attempt, from connecting to the last byte of the answer. */
  readonly attemptTimeoutMs: number;
  /** The whole call with its pauses: no attempt starts, and no pause begins, that would end after it. */
  readonly totalTimeoutMs: number;
}

/**
 * An attempt gets a minute: 4 MiB over a line of 1 Mbit/s take 34 s. Four attempts bridge the restart of a server
 * (under a second) and the reload of a proxy; a longer outage is the next sync's business, nothing is lost by it.
 */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 4,
  firstPauseMs: 500,
  maxPauseMs: 30_000,
  attemptTimeoutMs: 60_000,
  totalTimeoutMs: 180_000,
};

/**
 * The pause after a failed attempt.
 * @param attempt number of the attempt that failed, from 1
 * @param random 0 … 1. Full jitter: devices that fail together do not come back together
 * @returns milliseconds, 0 … maxPauseMs; what the server asked for, capped, when it asked
 */
export function pauseMs(error: ClientError, attempt: number, random: number, policy: RetryPolicy): number {
  const asked = "retryAfterMs" in error ? error.retryAfterMs : undefined;
  if (asked !== undefined) return Math.min(asked, policy.maxPauseMs);
  return Math.round(random * Math.min(policy.firstPauseMs * 2 ** (attempt - 1), policy.maxPauseMs));
}
