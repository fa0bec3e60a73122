import { setTimeout as pause } from "node:timers/promises";

/**
 * Waits until `check` gives a truthy value and returns it; asks every 20 ms. A throw of `check` ends the wait.
 * @param what said in the error when the deadline passes
 */
export async function until<Value>(
  what: string,
  check: () => Value | Promise<Value>,
  deadlineMs = 15_000,
): Promise<NonNullable<Exclude<Value, false>>> {
  const start = performance.now();
  for (;;) {
    const value = await check();
    if (value) return value as NonNullable<Exclude<Value, false>>;
    if (performance.now() - start > deadlineMs) throw new Error(`waited ${deadlineMs} ms in vain until ${what}`);
    await pause(20);
  }
}
