import { expect, test } from "vitest";
import { networkOfAddress } from "./rate-limit.ts";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:0db8:0000:0001:0000:0000:0000:0001", "2001:0db8:0000:0001::/64"],
  ["2001:0db8:0000:0001:ffff:ffff:ffff:ffff", "2001:0db8:0000:0001::/64"],
  ["fe80:0000:0000:0000:0000:0000:0000:0001%eth0", "fe80:0000:0000:0000::/64"],
  ["::ffff:203.0.113.7", "::ffff:203.0.113.7"],
  ["", ""],
])("%s counts as %s", (address, network) => {
  expect(networkOfAddress(address)).toBe(network);
});
