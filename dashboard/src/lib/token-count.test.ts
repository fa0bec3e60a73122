import { expect, test } from "vitest";
import { inputTokens, type TokenFigures, tokenKinds, totalTokens } from "./token-count.ts";

const none: TokenFigures = {
  promptTokens: 0,
  completionTokens: 0,
  tokensInput: 0,
  tokensCacheRead: 0,
  tokensCacheWrite: 0,
  tokensOutput: 0,
  tokensReasoning: 0,
};

test("a record that says nothing has no tokens and no kinds", () => {
  expect(totalTokens(none)).toBe(0);
  expect(tokenKinds(none)).toEqual([]);
});

test("an old client's two totals are input and output", () => {
  const tokens = { ...none, promptTokens: 100, completionTokens: 20 };
  expect(totalTokens(tokens)).toBe(120);
  expect(tokenKinds(tokens)).toEqual([
    { name: "input", count: 100 },
    { name: "output", count: 20 },
  ]);
});

test("the split and the totals of the same tokens are not added up", () => {
  const split = { tokensInput: 10, tokensCacheRead: 80, tokensCacheWrite: 10, tokensOutput: 20, tokensReasoning: 5 };
  const tokens = { ...none, ...split, promptTokens: 100, completionTokens: 20 };
  expect(inputTokens(tokens)).toBe(100);
  expect(totalTokens(tokens)).toBe(120);
  expect(tokenKinds(tokens).map(({ name }) => name)).toEqual([
    "input",
    "cache read",
    "cache write",
    "output",
    "of it reasoning",
  ]);
});
