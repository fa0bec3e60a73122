import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createPullLoop, LOOK_AGAIN_MS, type Timers } from "./pull-loop.ts";

const timers: Timers = {
  setTimeout: (run, delayMs) => Number(setTimeout(run, delayMs)),
  clearTimeout: (timer) => clearTimeout(timer),
};

/** A pull that ends when it is told to. */
function controlledPull() {
  const ends: (() => void)[] = [];
  const pull = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
  const end = async () => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { pull, end };
}

describe("the pull loop", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("a signal pulls at once and once more after the server's quiet second", async () => {
    const pull = vi.fn(async () => undefined);
    createPullLoop(pull, timers).signal();
    expect(pull).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(LOOK_AGAIN_MS);
    expect(pull).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pull).toHaveBeenCalledTimes(2);
  });

  test("signals in a row look again once, after the last of them", async () => {
    const pull = vi.fn(async () => undefined);
    const loop = createPullLoop(pull, timers);
    loop.signal();
    await vi.advanceTimersByTimeAsync(1_000);
    loop.signal();
    await vi.advanceTimersByTimeAsync(LOOK_AGAIN_MS - 1);
    expect(pull).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(pull).toHaveBeenCalledTimes(3);
  });

  test("signals during a pull make exactly one more follow it, never two at a time", async () => {
    const { pull, end } = controlledPull();
    const loop = createPullLoop(pull, timers);
    loop.signal();
    loop.signal();
    loop.signal();
    expect(pull).toHaveBeenCalledTimes(1);
    await end();
    expect(pull).toHaveBeenCalledTimes(2);
    await end();
    expect(pull).toHaveBeenCalledTimes(2);
  });

  test("a stopped loop pulls no more, not even the second look", async () => {
    const { pull, end } = controlledPull();
    const loop = createPullLoop(pull, timers);
    loop.signal();
    loop.signal();
    loop.stop();
    await end();
    loop.signal();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pull).toHaveBeenCalledTimes(1);
  });
});
