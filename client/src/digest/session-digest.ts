import type { Message } from "../contract/message.ts";
import type { SessionDigest } from "../contract/sessions-list.ts";

/** Sums of hashes are kept modulo this prime below 2^53: any sum is exact in a JavaScript number. */
export const DIGEST_MODULUS = 9_007_199_254_740_881;

/** The digest of a session that has no message and no hash of its own. */
export const EMPTY_DIGEST: SessionDigest = [0, 0, 0, 0];

/** What a digest looks at. */
export type Digested = Pick<Message, "hash" | "removedAt">;

/**
 * Digest with one more message. The order of adding does not matter. A removed message changes nothing.
 * @param message its `hash` (absent or 0: none) and `removedAt`
 */
export function addToDigest(digest: SessionDigest, message: Digested): SessionDigest {
  if (message.removedAt) return digest;
  const [count, sum, unhashed, own] = digest;
  if (!message.hash) return [count + 1, sum, unhashed + 1, own];
  return [count + 1, addHashes(sum, message.hash), unhashed, own];
}

/** Digest with one message less: undoes `addToDigest` of the same message, in any order. */
export function removeFromDigest(digest: SessionDigest, message: Digested): SessionDigest {
  if (message.removedAt) return digest;
  const [count, sum, unhashed, own] = digest;
  if (!message.hash) return [count - 1, sum, unhashed - 1, own];
  return [count - 1, addHashes(sum, DIGEST_MODULUS - (message.hash % DIGEST_MODULUS)), unhashed, own];
}

/**
 * Digest of a session as its store has it, to compare with the server's.
 * @param ownHash `sessionHash` of the session, 0 when it has none
 * @param messages all of them, in any order, each id once; may be empty
 */
export function sessionDigest(ownHash: number, messages: Iterable<Digested>): SessionDigest {
  let digest: SessionDigest = [0, 0, 0, ownHash];
  for (const message of messages) digest = addToDigest(digest, message);
  return digest;
}

/** Whether two digests say the same: then the server has all that the store has. */
export function digestsEqual(a: SessionDigest, b: SessionDigest): boolean {
  return a.every((value, index) => value === b[index]);
}

/** Adds modulo without ever leaving the integers that a number holds exactly: two terms below the modulus reach 2^54. */
function addHashes(sum: number, hash: number): number {
  const term = hash % DIGEST_MODULUS;
  const room = DIGEST_MODULUS - sum;
  return term >= room ? term - room : sum + term;
}
