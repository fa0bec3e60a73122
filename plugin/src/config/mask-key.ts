/** Shorter than this, the parts that are shown would be most of the key. */
const MIN_MASKABLE_CHARS = 20;

/** A key as it may be shown: first 8 and last 4 characters; of a short one only its length. */
export function maskKey(key: string): string {
  if (key.length < MIN_MASKABLE_CHARS) return `(${key.length} characters)`;
  return `${key.slice(0, 8)}…${key.slice(-4)}`;
}
