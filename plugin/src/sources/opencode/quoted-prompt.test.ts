import fc from "fast-check";
import { expect, test } from "vitest";
import { quotePrompt, unquotePrompt } from "./quoted-prompt.ts";

test.each([
  { prompt: '"Fix the login"', text: "Fix the login", after: "" },
  { prompt: '"Say \\"hi\\" to her"', text: 'Say "hi" to her', after: "" },
  { prompt: '"Do it"\n', text: "Do it", after: "\n" },
  { prompt: '"two\nlines here"', text: "two\nlines here", after: "" },
])("$prompt was quoted by OpenCode", ({ prompt, text, after }) => {
  expect(unquotePrompt(prompt)).toEqual({ text, after });
});

test.each([
  { name: "no quotes", prompt: "Fix the login" },
  { name: "one word, which OpenCode does not quote", prompt: '"login"' },
  { name: "two arguments", prompt: '"a b" "c d"' },
  { name: "a quote at one end only", prompt: 'say "hi there"' },
  { name: "nothing", prompt: "" },
])("a prompt stays as it is: $name", ({ prompt }) => {
  expect(unquotePrompt(prompt)).toBeUndefined();
});

test("quoting again always gives the original", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("", "\n", " "), (text, after) => {
      const prompt = quotePrompt({ text, after });
      const unquoted = unquotePrompt(prompt);
      expect(unquoted === undefined ? prompt : quotePrompt(unquoted)).toBe(prompt);
    }),
  );
});
