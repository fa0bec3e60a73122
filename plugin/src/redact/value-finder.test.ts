import { expect, test } from "vitest";
import { maskText } from "./mask-text.ts";
import { ORDINARY } from "./testing/ordinary.ts";
import { random } from "./testing/planted.ts";
import { createValueFinder } from "./value-finder.ts";

const knowing = (...values: string[]) => {
  const finder = createValueFinder(values.map((value, index) => ({ name: `v${index}`, value })));
  return (text: string) => maskText(text, [finder]);
};

const VALUE = 'pa"ss/wörd & 42\t%';
const inBase64 = (before: string, after: string) => Buffer.from(`${before}${VALUE}${after}`).toString("base64");

test.each([
  ["as it is", `x${VALUE}y`],
  ["in JSON", JSON.stringify({ a: VALUE })],
  ["in JSON inside JSON", JSON.stringify(JSON.stringify({ a: VALUE }))],
  ["percent-encoded", `?a=${encodeURIComponent(VALUE)}&b=1`],
  ["percent-encoded in lower case", `?a=${encodeURIComponent(VALUE).replace(/%../g, (hex) => hex.toLowerCase())}`],
  ["in a form", `a=${encodeURIComponent(VALUE).replaceAll("%20", "+")}`],
  ["in base64", inBase64("", "")],
  ["in base64, behind one byte", inBase64("u", ":x")],
  ["in base64, behind two bytes", inBase64("us", ":xy")],
  ["in base64 for URLs", Buffer.from(`user:${VALUE}`).toString("base64url")],
])("a value is found %s", (_, text) => {
  const masked = knowing(VALUE)(text);
  expect(masked).toContain("[redacted:v0]");
  const rest = masked.replaceAll(/\[redacted:v0\]/g, "");
  expect(rest.length).toBeLessThanOrEqual(text.length - 14);
});

test("values that overlap are masked together, once", () => {
  expect(knowing("alpha-4711-beta", "4711-beta-gamma")("<alpha-4711-beta-gamma>")).toBe("<[redacted:v0]>");
  expect(knowing("aaaaaaaa1", "aaaaaaaaa")("aaaaaaaaaaaa")).toBe("[redacted:v1]");
});

test("a value of several lines is found in a listing with numbers too", () => {
  const lines = [`first ${random.hex(20)}`, `second ${random.hex(20)}`];
  const listed = lines.map((line, index) => `${index}: ${line}`).join("\n");
  expect(knowing(lines.join("\n"))(listed)).toBe("0: [redacted:v0]\n1: [redacted:v0]");
});

test("each of many values is found, and nothing else", () => {
  const values = Array.from({ length: 500 }, (_, index) => `${index}-${random.mixed(9)}-${(index * 7919) % 1009}`);
  const mask = knowing(...values);
  for (const [index, value] of values.entries()) expect(mask(`<${value}>`)).toBe(`<[redacted:v${index}]>`);
  const text = ORDINARY.join("\n");
  expect(mask(text)).toBe(text);
});

test("without values a text stays as it is", () => {
  expect(knowing()("anything")).toBe("anything");
});
