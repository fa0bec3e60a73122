import { expect, test } from "vitest";
import { maskKey } from "./mask-key.ts";

test.each([
  ["os_0123456789abcdef0123456789abcdef", "os_01234…cdef"],
  ["os_0123456789abcdefg", "os_01234…defg"],
  ["os_short", "(8 characters)"],
])("%s is shown as %s", (key, shown) => {
  expect(maskKey(key)).toBe(shown);
});
