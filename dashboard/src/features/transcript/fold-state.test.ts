import { expect, test } from "vitest";
import { ALL_FOLDED, isOpen, toggleBlock, toggleTools } from "./fold-state.ts";
import { readPosition } from "./position.ts";

test("everything begins folded, and one block opens and closes by itself", () => {
  expect(isOpen(ALL_FOLDED, "a", "tool")).toBe(false);
  const opened = toggleBlock(ALL_FOLDED, "a");
  expect([isOpen(opened, "a", "tool"), isOpen(opened, "b", "tool")]).toEqual([true, false]);
  expect(isOpen(toggleBlock(opened, "a"), "a", "tool")).toBe(false);
});

test("all tool calls open together, thinking stays folded", () => {
  const opened = toggleTools(toggleBlock(ALL_FOLDED, "a"));
  expect(isOpen(opened, "a", "tool")).toBe(true);
  expect(isOpen(opened, "thinking", "other")).toBe(false);
  expect(isOpen(toggleBlock(opened, "a"), "a", "tool")).toBe(false);
  expect(isOpen(toggleTools(opened), "a", "tool")).toBe(false);
});

test.each([
  [{ message: "abc123" }, { message: "abc123" }],
  [{ message: "../x" }, {}],
  [{ message: ["a"] }, {}],
  [{}, {}],
])("the address %j opens at %j", (search, position) => {
  expect(readPosition(search)).toEqual(position);
});
