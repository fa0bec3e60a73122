import { expect, test } from "vitest";
import { type Data, dataOf } from "./json.ts";
import { mapTokens, restoreTokens } from "./map-tokens.ts";

const cache = { read: 1200, write: 0 };

test.each([
  // The same response, as real versions wrote it.
  { name: "1.18.33", counts: { total: 2580, input: 1200, output: 155, reasoning: 25, cache } },
  { name: "1.1.65 and 1.2.27", counts: { total: 2580, input: 1200, output: 180, reasoning: 25, cache } },
  { name: "1.0.185, without a total", counts: { input: 1200, output: 180, reasoning: 25, cache } },
])("reasoning is counted once in the output of $name", ({ counts }) => {
  expect(mapTokens(counts)?.tokens).toEqual({
    input: 1200,
    cacheRead: 1200,
    cacheWrite: 0,
    output: 180,
    reasoning: 25,
  });
});

test("in 2.x, which has no total, reasoning is beside the output", () => {
  expect(mapTokens({ input: 10, output: 5, reasoning: 3, cache }, "beside")?.tokens).toMatchObject({ output: 8 });
});

test("reasoning above the output cannot be a part of it", () => {
  expect(mapTokens({ input: 10, output: 5, reasoning: 30, cache })?.tokens).toMatchObject({ output: 35 });
});

test.each<Data>([
  { total: 2580, input: 1200, output: 155, reasoning: 25, cache },
  { total: 2580, input: 1200, output: 180, reasoning: 25, cache },
  { input: 1200, output: 180, reasoning: 25, cache },
  { total: 7, input: 1, output: 2, reasoning: 3, cache: { read: 4, write: 5 }, extra: { a: 1 } },
  { input: 1, output: 2, reasoning: 0, cache: { read: 0, write: 0 } },
])("the counts come back as they were: %j", (counts) => {
  const { tokens, rest } = mapTokens(counts) ?? {};
  expect(restoreTokens(tokens, dataOf(rest))).toEqual(counts);
});

test.each([undefined, null, 5, {}, { input: -1, output: 2 }, { input: 1.5, output: 2 }])(
  "%j are no counts",
  (value) => {
    expect(mapTokens(value)).toBeUndefined();
  },
);
