import type { ClientError } from "../errors/client-error.ts";
import { isClientError } from "../errors/client-error.ts";
import { attempt, type HttpRequest } from "./attempt.ts";
import type { FetchLike } from "./fetch-like.ts";
import { pauseMs, type RetryPolicy } from "./retry-policy.ts";

/** The outside world, as `send` needs it. */
export interface Surroundings {
  readonly fetch: FetchLike;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 0 … 1. */
  readonly random: () => number;
  /** Waits milliseconds; throws the signal's reason when it fires. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface SendOptions {
  readonly policy: RetryPolicy;
  /** Ends the call at once, in an attempt or in a pause; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
  /** Which errors are worth another attempt. Default: those that call themselves retryable. */
  readonly isRetryable?: ((error: ClientError) => boolean) | undefined;
}

/**
 * Sends a request until it succeeds, cannot succeed, or time or attempts are up. Every request of the contract may be
 * repeated: pushing the same again changes nothing.
 * @returns the parsed JSON of the answer, not yet checked
 * @throws ClientError of the last attempt; the signal's reason when it fired
 */
export async function send(request: HttpRequest, world: Surroundings, options: SendOptions): Promise<unknown> {
  const { policy, signal, isRetryable = (error) => error.retryable } = options;
  const deadlineMs = world.now() + policy.totalTimeoutMs;
  for (let number = 1; ; number++) {
    signal?.throwIfAborted();
    const timeoutMs = Math.max(1, Math.min(policy.attemptTimeoutMs, deadlineMs - world.now()));
    try {
      return await attempt(request, world.fetch, world.now, timeoutMs, signal);
    } catch (error) {
      if (!isClientError(error) || !isRetryable(error) || number >= policy.attempts) throw error;
      const pause = pauseMs(error, number, world.random(), policy);
      if (world.now() + pause >= deadlineMs) throw error;
      await world.sleep(pause, signal);
    }
  }
}
