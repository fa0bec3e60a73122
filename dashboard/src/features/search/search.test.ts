import { describe, expect, test } from "vitest";
import { explainExactness } from "./explain-exactness.ts";
import { markedPieces } from "./marked-pieces.ts";
import { readSearchAddress } from "./search-address.ts";

describe("marks in a text", () => {
  const shown = (text: string, marks: [number, number][]) =>
    markedPieces(text, marks)
      .map(({ text: piece, isMarked }) => (isMarked ? `[${piece}]` : piece))
      .join("");

  test.each<{ name: string; marks: [number, number][]; expected: string }>([
    { name: "none", marks: [], expected: "one two three" },
    {
      name: "two",
      marks: [
        [0, 3],
        [8, 13],
      ],
      expected: "[one] two [three]",
    },
    {
      name: "not in order",
      marks: [
        [8, 13],
        [0, 3],
      ],
      expected: "[one] two [three]",
    },
    {
      name: "overlapping",
      marks: [
        [0, 5],
        [3, 7],
      ],
      expected: "[one t][wo] three",
    },
    {
      name: "beyond the end",
      marks: [
        [8, 99],
        [50, 60],
      ],
      expected: "one two [three]",
    },
  ])("$name", ({ marks, expected }) => {
    expect(shown("one two three", marks)).toBe(expected);
  });
});

test.each([
  { exactness: { isExact: true, ignored: [] }, says: "All sessions were searched." },
  { exactness: { isExact: true, ranked: 12, ignored: [] }, says: "All sessions were searched." },
  {
    exactness: { isExact: false, ranked: 1_000, ignored: [] },
    says: "The newest 1,000 matching messages were compared; there are more.",
  },
  {
    exactness: { isExact: true, ignored: ["one", "two"] },
    says: "All sessions were searched. Left out, because there are too many words: one two.",
  },
])("an answer says: $says", ({ exactness, says }) => {
  expect(explainExactness(exactness)).toBe(says);
});

test("an address is never an error", () => {
  expect(readSearchAddress({ q: ["a"], sort: "best" })).toEqual({});
  expect(readSearchAddress({ q: "a b", sort: "newest" })).toEqual({ q: "a b", sort: "newest" });
});
