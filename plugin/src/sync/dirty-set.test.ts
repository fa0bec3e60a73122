import { expect, test } from "vitest";
import { DirtySet } from "./dirty-set.ts";

test("what was added is taken once", () => {
  const dirty = new DirtySet();
  dirty.add("s1", "m1");
  dirty.add("s1", "m1");
  dirty.add("s1", "m2");
  dirty.add("s2");
  expect(dirty.take()).toEqual(
    new Map([
      ["s1", new Set(["m1", "m2"])],
      ["s2", new Set()],
    ]),
  );
  expect(dirty.isEmpty).toBe(true);
  expect(dirty.take()).toEqual(new Map());
});

test("what is added while it is being sent waits for the next time", () => {
  const dirty = new DirtySet();
  dirty.add("s1", "m1");
  const taken = dirty.take();
  dirty.add("s1", "m2");
  expect(taken.get("s1")).toEqual(new Set(["m1"]));
  expect(dirty.take().get("s1")).toEqual(new Set(["m2"]));
});

test("what could not be sent joins what has changed since", () => {
  const dirty = new DirtySet();
  dirty.add("s1", "m1");
  dirty.add("s2", "m5");
  const taken = dirty.take();
  dirty.add("s1", "m2");
  dirty.addAll("s2");
  dirty.putBack(taken);
  expect(dirty.take()).toEqual(
    new Map<string, unknown>([
      ["s1", new Set(["m2", "m1"])],
      ["s2", "all"],
    ]),
  );
});

test("a session with very many changed messages is remembered as a whole", () => {
  const dirty = new DirtySet();
  for (let i = 0; i <= 512; i++) dirty.add("s1", `m${i}`);
  dirty.add("s1", "later");
  expect(dirty.take().get("s1")).toBe("all");
});

test("sessions beyond the limit are not remembered, and that is known", () => {
  const dirty = new DirtySet();
  for (let i = 0; i < 256; i++) dirty.add(`s${i}`);
  expect(dirty.overflowed).toBe(false);
  dirty.add("one more", "m");
  dirty.addAll("another");
  dirty.add("s1", "still");
  expect(dirty.overflowed).toBe(true);
  const taken = dirty.take();
  expect(taken.size).toBe(256);
  expect(taken.get("s1")).toEqual(new Set(["still"]));
  expect(dirty.overflowed).toBe(false);
});
