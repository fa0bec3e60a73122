import { expect, test } from "vitest";
import { foldText, withoutTerminalCodes } from "./fold-text.ts";
import { readEdit, showArguments, showValue } from "./show-value.ts";

test("text is shown as it is, anything else as JSON", () => {
  expect(showValue("a\nb")).toBe("a\nb");
  expect(showValue({ a: 1 })).toBe('{\n  "a": 1\n}');
  expect(showValue(null)).toBe("null");
  expect(showValue(undefined)).toBe("");
});

test("short arguments come before long ones, empty ones are left out", () => {
  const shown = showArguments({ content: "a\nb", path: "x", limit: 3, nothing: "" });
  expect(shown.map(({ name }) => name)).toEqual(["path", "limit", "content"]);
});

test.each([
  ["ls", [{ name: "", text: "ls" }]],
  [[1], [{ name: "", text: "[\n  1\n]" }]],
  [{}, []],
  [undefined, []],
])("the arguments %j are shown", (args, shown) => {
  expect(showArguments(args)).toEqual(shown);
});

test("an edit has two sides, whatever the agent calls them", () => {
  expect(readEdit({ file_path: "x", old_string: "a", new_string: "b" })).toEqual({
    before: "a",
    after: "b",
    rest: { file_path: "x" },
  });
  expect(readEdit({ oldString: "a" })).toBeUndefined();
  expect(readEdit({ old: 1, new: 2 })).toBeUndefined();
  expect(readEdit("text")).toBeUndefined();
});

test.each([
  { name: "empty", text: "", isWhole: true, lineCount: 1 },
  { name: "as many lines as fit", text: "x\n".repeat(39), isWhole: true, lineCount: 40 },
  { name: "one line too many", text: "x\n".repeat(40), isWhole: false, lineCount: 41 },
  { name: "one endless line", text: "x".repeat(6_001), isWhole: false, lineCount: 1 },
])("text that is $name", ({ text, isWhole, lineCount }) => {
  const folded = foldText(text);
  expect(folded).toMatchObject({ isWhole, lineCount });
  expect(text.startsWith(folded.head)).toBe(true);
});

test("the codes that colour a terminal are not text", () => {
  expect(withoutTerminalCodes("\u001b[1;31mred\u001b[0m and \u001b[2Kplain")).toBe("red and plain");
});
