import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8Length } from "./utf8-length.ts";

const encoder = new TextEncoder();

test("the length of a text is that of its bytes, whatever its characters and wherever it is cut to be measured", () => {
  const piece = fc.string({ unit: fc.constantFrom("a", "ä", "€", "😀", "\ud800", "\udc00"), minLength: 1 });
  fc.assert(
    fc.property(piece, fc.integer({ min: 0, max: 40_000 }), (text, times) => {
      const long = text.repeat(Math.min(times, Math.ceil(200_000 / text.length)));
      expect(utf8Length(long)).toBe(encoder.encode(long).byteLength);
    }),
    { numRuns: 60 },
  );
});
