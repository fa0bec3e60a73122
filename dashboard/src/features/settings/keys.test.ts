import { expect, test } from "vitest";
import { expiryTime } from "./expiry.ts";
import { type KeyRecord, keyState, sortKeys } from "./key-record.ts";

const key = (fields: Partial<KeyRecord>): KeyRecord => ({
  id: "k",
  name: "laptop",
  prefix: "os_1234567",
  scope: "sync",
  device: "",
  created: 1,
  lastUsedAt: 0,
  expiresAt: 0,
  revokedAt: 0,
  ...fields,
});

test.each([
  { name: "no end", fields: {}, state: "active" },
  { name: "an end to come", fields: { expiresAt: 1_001 }, state: "active" },
  { name: "an end that is now", fields: { expiresAt: 1_000 }, state: "expired" },
  { name: "a revocation", fields: { revokedAt: 5 }, state: "revoked" },
  { name: "both", fields: { revokedAt: 5, expiresAt: 5 }, state: "revoked" },
])("a key with $name is $state", ({ fields, state }) => {
  expect(keyState(key(fields), 1_000)).toBe(state);
});

test("keys that work come first, newest first", () => {
  const keys = [
    key({ id: "revoked", created: 9, revokedAt: 10 }),
    key({ id: "old", created: 1 }),
    key({ id: "expired", created: 8, expiresAt: 9 }),
    key({ id: "new", created: 7 }),
  ];
  expect(sortKeys(keys, 1_000).map(({ id }) => id)).toEqual(["new", "old", "revoked", "expired"]);
});

test("a key for ever has no end, any other one after its days", () => {
  expect(expiryTime(0, 1_000)).toBeUndefined();
  expect(expiryTime(30, 1_000)).toBe(1_000 + 30 * 86_400_000);
});
