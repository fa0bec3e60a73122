/** Keys that follow each other within this time are one sequence, such as `g s`. */
const SEQUENCE_MS = 1_000;

/** The keys typed so far of an unfinished sequence. */
export interface KeyBuffer {
  readonly keys: string;
  readonly atMs: number;
}

export const EMPTY_BUFFER: KeyBuffer = { keys: "", atMs: 0 };

/**
 * Adds a key to what was typed before it and looks for a binding.
 * @param bindings all key sequences that mean something, keys separated by one space
 * @returns the sequence that is complete now, if any, and the buffer for the next key
 */
export function nextKey(
  buffer: KeyBuffer,
  key: string,
  nowMs: number,
  bindings: readonly string[],
): { readonly match: string | undefined; readonly buffer: KeyBuffer } {
  const before = nowMs - buffer.atMs <= SEQUENCE_MS ? buffer.keys : "";
  const candidates = before === "" ? [key] : [`${before} ${key}`, key];
  for (const keys of candidates) {
    if (bindings.includes(keys)) return { match: keys, buffer: EMPTY_BUFFER };
    if (bindings.some((binding) => binding.startsWith(`${keys} `))) {
      return { match: undefined, buffer: { keys, atMs: nowMs } };
    }
  }
  return { match: undefined, buffer: EMPTY_BUFFER };
}
