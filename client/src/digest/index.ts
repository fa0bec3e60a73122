export { canonicalJson } from "./canonical-json.ts";
export { messageHash, sessionHash } from "./item-hash.ts";
export {
  addToDigest,
  DIGEST_MODULUS,
  type Digested,
  digestsEqual,
  EMPTY_DIGEST,
  removeFromDigest,
  sessionDigest,
} from "./session-digest.ts";
