import { expect, test } from "vitest";
import { cutLarge } from "./cut-large.ts";

test.each([{ a: 1 }, [1], "text", 5, null, undefined, "x".repeat(256 * 1024 - 2)])("what is small stays", (value) => {
  expect(cutLarge(value)).toBe(value);
});

test("what is larger than 256 kB becomes its size and hash", () => {
  const value = ["x".repeat(256 * 1024)];
  expect(cutLarge(value)).toEqual({
    cut: true,
    bytes: 256 * 1024 + 4,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("the id that a revert points to stays, whatever its diff", () => {
  const revert = { messageID: "msg_1", partID: "prt_1", snapshot: "abc", diff: "x".repeat(300_000) };
  expect(cutLarge(revert)).toMatchObject({ messageID: "msg_1", partID: "prt_1", snapshot: "abc", cut: true });
  expect(cutLarge(revert)).not.toHaveProperty("diff");
});
