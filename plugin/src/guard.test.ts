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
])("nothing escapes from a hook, and it is told: $name", async ({ hook }) => {
  const reports: string[] = [];
  await expect(guard("event", (message) => reports.push(message), hook)()).resolves.toBeUndefined();
  expect(reports).toEqual(["event: boom"]);
});

test("what a hook gives back is given back", async () => {
  const add = guard("event", expect.fail, (a: number, b: number) => a + b);
  expect(await add(1, 2)).toBe(3);
});
