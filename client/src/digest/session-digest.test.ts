import fc from "fast-check";
import { expect, test } from "vitest";
import type { SessionDigest } from "../contract/sessions-list.ts";
import {
  addToDigest,
  DIGEST_MODULUS,
  type Digested,
  digestsEqual,
  EMPTY_DIGEST,
  removeFromDigest,
  sessionDigest,
} from "./session-digest.ts";

const digested: fc.Arbitrary<Digested> = fc.record(
  {
    hash: fc.oneof(fc.nat({ max: 2 ** 40 - 1 }), fc.maxSafeNat(), fc.constantFrom(0, 1, DIGEST_MODULUS - 1)),
    removedAt: fc.constantFrom(0, 1_700_000_000_000),
  },
  { requiredKeys: [] },
);

/** The same sum in integers without limit. */
function exactSum(messages: readonly Digested[]): number {
  const kept = messages.filter((message) => !message.removedAt);
  return Number(kept.reduce((sum, { hash = 0 }) => sum + BigInt(hash), 0n) % BigInt(DIGEST_MODULUS));
}

test("a digest is exact, whatever the hashes", () => {
  fc.assert(
    fc.property(fc.array(digested), fc.nat(), (messages, own) => {
      const kept = messages.filter((message) => !message.removedAt);
      const unhashed = kept.filter((message) => !message.hash);
      expect(sessionDigest(own, messages)).toEqual([kept.length, exactSum(messages), unhashed.length, own]);
    }),
  );
});

test("adding and removing commute: what is removed again leaves no trace", () => {
  fc.assert(
    fc.property(fc.array(digested), fc.array(digested), fc.infiniteStream(fc.nat()), (kept, passing, order) => {
      let digest: SessionDigest = EMPTY_DIGEST;
      for (const message of shuffled([...kept, ...passing], order)) digest = addToDigest(digest, message);
      for (const message of shuffled(passing, order)) digest = removeFromDigest(digest, message);
      expect(digest).toEqual(sessionDigest(0, kept));
    }),
  );
});

test("digests are equal only when all four numbers are", () => {
  const digest: SessionDigest = [3, 20, 1, 7];
  expect(digestsEqual(digest, [3, 20, 1, 7])).toBe(true);
  for (const index of digest.keys()) {
    const other: SessionDigest = [...digest];
    other[index] = 99;
    expect(digestsEqual(digest, other)).toBe(false);
  }
});

function shuffled<Item>(items: readonly Item[], order: Iterable<number>): Item[] {
  const numbers = order[Symbol.iterator]();
  return items
    .map((item) => ({ item, at: numbers.next().value ?? 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
