import { expect, test } from "vitest";
import { formatUsd, priceLabel } from "./price-label.ts";

test.each([
  { name: "reported", cost: 12.4, costSource: "reported", tokens: 10, text: "$12.40", label: "reported" },
  { name: "computed", cost: 0.01234, costSource: "computed", tokens: 10, text: "$0.0123", label: "computed" },
  { name: "from a client that did not say", cost: 1, costSource: "", tokens: 10, text: "$1.00", label: "as sent" },
  { name: "unknown", cost: 0, costSource: "unknown", tokens: 10, text: "unknown", label: "" },
  { name: "unknown with a stray figure", cost: 3, costSource: "unknown", tokens: 10, text: "unknown", label: "" },
  { name: "zero without a source", cost: 0, costSource: "", tokens: 0, text: "unknown", label: "" },
  {
    name: "zero for tokens, of a subscription",
    cost: 0,
    costSource: "reported",
    tokens: 900,
    text: "unknown",
    label: "",
  },
  { name: "zero for nothing", cost: 0, costSource: "reported", tokens: 0, text: "$0.00", label: "reported" },
  { name: "zero computed", cost: 0, costSource: "computed", tokens: 5, text: "unknown", label: "" },
])("a cost that is $name", ({ cost, costSource, tokens, text, label }) => {
  expect(priceLabel({ cost, costSource }, tokens)).toMatchObject({ text, label });
});

test("a cost that leaves messages out says so", () => {
  const cost = { cost: 12.4, costSource: "computed" };
  expect(priceLabel({ ...cost, unpricedMessages: 0 }, 10)).toMatchObject({ text: "$12.40" });
  expect(priceLabel({ ...cost, unpricedMessages: 3 }, 10)).toMatchObject({
    text: "$12.40+",
    hint: "$12.4, from list prices or the sum of messages, without 3 of unknown cost",
  });
});

test.each([
  [0, "$0.00"],
  [0.000_04, "<$0.0001"],
  [0.0534, "$0.0534"],
  [0.1, "$0.10"],
  [1234.5, "$1,234.50"],
])("%d USD reads %s", (usd, text) => {
  expect(formatUsd(usd)).toBe(text);
});
