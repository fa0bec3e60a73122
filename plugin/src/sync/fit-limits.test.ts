import { MAX_PART_CONTENT_BYTES, type Message, PART_CONTENT_HEAD_BYTES, type Part, utf8Length } from "@opensync/client";
import { expect, test } from "vitest";
import { fitMessage, fitSession } from "./fit-limits.ts";

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

test("one oversized part is cut, everything else of its message goes through whole", () => {
  const small = { type: "text", content: "y".repeat(200_000) };
  const whole = fitMessage(message(small, { type: "text", content: "x".repeat(9_000_000) }, small));
  expect(whole.parts?.[0]).toEqual(small);
  expect(whole.parts?.[2]).toEqual(small);
});

test.each([
  ["many large parts", Array.from({ length: 12 }, () => ({ type: "text", content: "x".repeat(900_000) }))],
  ["characters that JSON writes with six", [{ type: "text", content: "\u0001".repeat(1_000_000) }]],
  [
    "two large arguments",
    [{ type: "tool-call", content: { id: "c", args: { a: "x".repeat(3e6), b: "y".repeat(3e6) } } }],
  ],
  ["a long list of numbers", [{ type: "tool-result", content: { id: "c", output: Array(900_000).fill(12345) } }]],
  ["a long list of short texts", [{ type: "data", content: Array(300_000).fill("a few words") }]],
  ["files", Array.from({ length: 30 }, () => ({ type: "file", content: { mime: "a/b", data: "A".repeat(262_144) } }))],
])(
  "a message fits into a request whatever makes it large: %s",
  (_, parts) => {
    const whole = fitMessage({
      ...message(...parts),
      textContent: "z".repeat(3_000_000),
      meta: { a: "b".repeat(3_000_000) },
    });
    expect(utf8Length(JSON.stringify(whole))).toBeLessThan(4 * 1024 * 1024);
    expect(whole.parts).toHaveLength(parts.length);
    expect(whole.parts?.map(({ type }) => type)).toEqual(parts.map(({ type }) => type));
  },
  30_000,
);

test("large data without large texts becomes a text that says what was cut, beside its id", () => {
  const output = Array(900_000).fill(12345);
  const { content } = fitted({ type: "tool-result", content: { id: "c", output } });
  expect(content).toMatchObject({ id: "c", truncated: { bytes: JSON.stringify(output).length } });
  expect(JSON.stringify(content)).toMatch(/\[… \d+ bytes cut …\]/);
});

test("a file that must stay behind says so, and keeps what it is", () => {
  const parts = Array.from({ length: 30 }, () => ({
    type: "file",
    content: { mime: "a/b", sha256: "0", data: "A".repeat(262_144) },
  }));
  expect(fitMessage(message(...parts)).parts?.[0]).toEqual({
    type: "file",
    content: { mime: "a/b", sha256: "0" },
    meta: { cut: true },
  });
});

test("a session with everything that it changed in its notes fits as well", () => {
  const diffs = Array.from({ length: 40 }, () => ({
    file: "a.ts",
    before: "x".repeat(200_000),
    after: "y".repeat(200_000),
  }));
  const session = fitSession({ externalId: "s", title: "T", meta: { id: "s", summary_diffs: diffs } });
  expect(utf8Length(JSON.stringify(session))).toBeLessThan(4 * 1024 * 1024);
  expect(session).toMatchObject({ title: "T", meta: { id: "s", summary_diffs: expect.any(Array) } });
  const small = { externalId: "s", title: "T", meta: { id: "s" } };
  expect(fitSession(small)).toBe(small);
});
