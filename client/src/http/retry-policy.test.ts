import { describe, expect, test } from "vitest";
import { NetworkError } from "../errors/network-error.ts";
import { RateLimitedError } from "../errors/rate-limited-error.ts";
import { pauseMs, type RetryPolicy } from "./retry-policy.ts";

const policy: RetryPolicy = {
  attempts: 9,
  firstPauseMs: 100,
  maxPauseMs: 1_000,
  attemptTimeoutMs: 1,
  totalTimeoutMs: 1,
};
const broken = new NetworkError({ message: "m", hint: "h", retryable: true });
const limited = (retryAfterMs?: number) => new RateLimitedError({ message: "m", hint: "h", status: 429, retryAfterMs });

describe("the pause after a failed attempt", () => {
  test.each([
    ["the first, at most", broken, 1, 1, 100],
    ["the second, at most", broken, 2, 1, 200],
    ["the fourth, at most", broken, 4, 1, 800],
    ["the fifth, capped", broken, 5, 1, 1_000],
    ["the thousandth, capped", broken, 1_000, 1, 1_000],
    ["in the middle of the jitter", broken, 2, 0.5, 100],
    ["at the end of the jitter", broken, 2, 0, 0],
    ["429 that does not say", limited(), 1, 1, 100],
    ["429 that says", limited(700), 1, 0, 700],
    ["429 that says 0", limited(0), 5, 1, 0],
    ["429 that asks for too much", limited(60_000), 1, 0, 1_000],
  ])("%s", (_name, error, attempt, random, ms) => {
    expect(pauseMs(error, attempt, random, policy)).toBe(ms);
  });
});
