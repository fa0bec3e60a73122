import { expect, test } from "vitest";
import { hasOwnTotals, totalsOfRow } from "./session-row.ts";

const row = {
  version: "1.18.33",
  model: '{"id":"mock-1","providerID":"mock","variant":"default"}',
  cost: 0.0333,
  tokens_input: 100,
  tokens_output: 155,
  tokens_reasoning: 25,
  tokens_cache_read: 30,
  tokens_cache_write: 5,
};

test("totals of a row are in the contract's terms", () => {
  expect(totalsOfRow(row)).toEqual({
    model: "mock-1",
    provider: "mock",
    tokens: { input: 100, cacheRead: 30, cacheWrite: 5, output: 180, reasoning: 25 },
    cost: 0.0333,
  });
});

test.each([
  { name: "of the newest version", change: {}, own: true },
  { name: "of the first version that leaves reasoning out", change: { version: "1.14.34" }, own: true },
  { name: "that older responses with reasoning were added up for", change: { version: "1.3.2" }, own: false },
  { name: "of 0.x", change: { version: "0.5.29" }, own: false },
  { name: "of an older session that never thought", change: { version: "1.3.2", tokens_reasoning: 0 }, own: true },
  { name: "of a session that was not used since an upgrade", change: { model: null }, own: false },
  { name: "of a local build", change: { version: "local" }, own: true },
])("a row $name is trusted: $own", ({ change, own }) => {
  expect(hasOwnTotals({ ...row, ...change })).toBe(own);
});

test("a row of 1.2, which has no such columns, is not", () => {
  expect(hasOwnTotals({ version: "1.2.27" })).toBe(false);
});
