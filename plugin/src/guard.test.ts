import { expect, test } from "vitest";
import { guard, guardAtOnce } from "./guard.ts";

test.each([
  {
    name: "a throw",
    hook: () => {
      throw new Error("boom");
    },
  },
  { name: "a rejection", hook: () => Promise.reject(new Error("boom")) },
])("nothing escapes from a hook, and it is told: $name", async ({ hook }) => {
  const reports: string[] = [];
  await expect(guard("event", (message) => reports.push(message), hook)()).resolves.toBeUndefined();
  expect(reports).toEqual(["event: boom"]);
});

test("what a hook gives back is given back", async () => {
  const add = guard("event", expect.fail, (a: number, b: number) => a + b);
  expect(await add(1, 2)).toBe(3);
});

test("nothing escapes from a hook that waits for nothing, and the host gets a promise that is kept", async () => {
  const reports: string[] = [];
  const seen: number[] = [];
  const hook = guardAtOnce(
    "event",
    (message) => reports.push(message),
    (value: number) => {
      seen.push(value);
      if (value === 2) throw new Error("boom");
    },
  );
  await expect(hook(1)).resolves.toBeUndefined();
  await expect(hook(2)).resolves.toBeUndefined();
  expect(seen).toEqual([1, 2]);
  expect(reports).toEqual(["event: boom"]);
});
