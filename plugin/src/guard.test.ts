import { expect, test } from "vitest";
import { guard } from "./guard.ts";

test.each([
  {
    name: "a throw",
    hook: () => {
      throw new Error("boom");
    },
  },
  { name: "a rejection", hook: () => Promise.reject(new Error("boom")) },
])("nothing escapes from a hook, and it is counted: $name", async ({ hook }) => {
  const failures = { count: 0, last: undefined };
  await expect(guard("event", failures, hook)()).resolves.toBeUndefined();
  expect(failures).toEqual({ count: 1, last: "event: boom" });
});

test("what a hook gives back is given back", async () => {
  const failures = { count: 0, last: undefined };
  expect(await guard("event", failures, (a: number, b: number) => a + b)(1, 2)).toBe(3);
  expect(failures.count).toBe(0);
});
