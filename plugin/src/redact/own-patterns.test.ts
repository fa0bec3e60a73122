import { expect, test } from "vitest";
import { maskText } from "./mask-text.ts";
import { createOwnPatternFinder, whyRefused } from "./own-patterns.ts";

const masking = (pattern: string) => {
  const finder = createOwnPatternFinder([{ name: "own", pattern }]);
  return (text: string) => maskText(text, [finder]);
};

test.each([
  ["CUST-[0-9]{6}", "a CUST-123456 b", "a [redacted:own] b"],
  ["(?:Müller|Meier) GmbH", "bei Meier GmbH", "bei [redacted:own]"],
  ["\\bproject-x\\b", "the project-x, not project-xy", "the [redacted:own], not project-xy"],
])("%s masks what it matches", (pattern, text, expected) => {
  expect(masking(pattern)(text)).toBe(expected);
});

test("a match is found in a long line wherever it stands", () => {
  const line = "x".repeat(20_000);
  for (const at of [0, 790, 799, 800, 995, 1_000, 19_990]) {
    const text = `${line.slice(0, at)} CUST-123456 ${line.slice(at)}`;
    expect(masking("CUST-[0-9]{6}")(text)).toBe(text.replace("CUST-123456", "[redacted:own]"));
  }
});

test("an expression that matches masks does not mask them", () => {
  const once = masking("[a-z]+")("abc");
  expect(once).toBe("[redacted:own]");
  expect(masking("[a-z]+")(once)).toBe(once);
});

test.each(["(a+)+", "(a|b)*", "(a)\\1", "(?<=a)b", "(?=a)b", "(", "", "a*", "x".repeat(501)])(
  "%s is refused",
  (pattern) => {
    expect(whyRefused({ name: "own", pattern })).toEqual(expect.any(String));
    expect(masking(pattern)("aaaa ab")).toBe("aaaa ab");
  },
);
