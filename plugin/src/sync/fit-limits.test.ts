import { MAX_PART_CONTENT_BYTES, type Message, PART_CONTENT_HEAD_BYTES, type Part, utf8Length } from "@opensync/client";
import { expect, test } from "vitest";
import { fitMessage } from "./fit-limits.ts";

const message = (...parts: Part[]): Message => ({ sessionExternalId: "s", externalId: "m", parts });
const fitted = (part: Part): Part => fitMessage(message(part)).parts?.[0] ?? expect.fail();

test.each([
  { name: "exactly at the limit", text: "x".repeat(MAX_PART_CONTENT_BYTES) },
  { name: "short", text: "x" },
])("a text stays whole: $name", ({ text }) => {
  expect(fitted({ type: "text", content: text }).content).toBe(text);
});

test("a text above the limit keeps its beginning and end, and says what was cut", () => {
  const text = `begin${"x".repeat(2 * MAX_PART_CONTENT_BYTES)}end`;
  const cut = String(fitted({ type: "text", content: text }).content);
  expect(cut.startsWith("begin")).toBe(true);
  expect(cut.endsWith("end")).toBe(true);
  expect(cut).toContain(`\n[… ${MAX_PART_CONTENT_BYTES + 8} bytes cut …]\n`);
  expect(utf8Length(cut)).toBeLessThan(MAX_PART_CONTENT_BYTES + 100);
});

test("a character is never cut in half", () => {
  // Four bytes each, shifted so that the limit falls into one.
  const cut = String(fitted({ type: "text", content: `ab${"😀".repeat(400_000)}` }).content);
  expect(cut).not.toContain("\uFFFD");
  expect(utf8Length(cut.split("\n")[0] ?? "")).toBeLessThanOrEqual(PART_CONTENT_HEAD_BYTES);
});

test("a cut tool result tells its full size", () => {
  const output = "x".repeat(MAX_PART_CONTENT_BYTES + 1);
  expect(fitted({ type: "tool-result", content: { id: "c", output } }).content).toMatchObject({
    id: "c",
    truncated: { bytes: MAX_PART_CONTENT_BYTES + 1 },
  });
  expect(fitted({ type: "tool-result", content: { id: "c", output: "x" } }).content).not.toHaveProperty("truncated");
});

test("long texts inside arguments, meta of parts and meta of messages are cut too", () => {
  const long = "x".repeat(2 * MAX_PART_CONTENT_BYTES);
  const call: Part = { type: "tool-call", content: { id: "c", args: { content: long } }, meta: { diff: long } };
  const whole = fitMessage({ ...message(call), meta: { summary: [{ patch: long }] } });
  expect(JSON.stringify(whole).length).toBeLessThan(3 * MAX_PART_CONTENT_BYTES + 1000);
});

test("what is nested too deep for the server's database travels as text", () => {
  let deep: Record<string, unknown> = { leaf: true };
  for (let i = 0; i < 2000; i++) deep = { inner: deep };
  const text = JSON.stringify(fitted({ type: "data", content: deep }));
  expect(text).toContain('\\"leaf\\":true');
  expect(text.split('{"inner":').length).toBeLessThanOrEqual(502);
});
