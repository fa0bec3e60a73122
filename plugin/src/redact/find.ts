/** A place in a text that must not leave the machine. */
export type Find = {
  /** First and one past the last character. */
  readonly start: number;
  readonly end: number;
  /** What it is; the mask is `[redacted:<name>]`. */
  readonly name: string;
  /** Where finds overlap they become one, and the highest rank names it. */
  readonly rank: number;
};

/** What became of reading a value: how far it was read, and the find if it is a secret. */
export type Reading = { readonly end: number; readonly find: Find | undefined };

/** How sure a find is about what it found: a form of its own says more than the name before it. */
export const RANK = { value: 0, named: 1, credential: 2, token: 3, block: 4 } as const;

/**
 * Sorts finds and makes one of those that overlap or touch inside of each other.
 * @returns in order of the text, none overlapping
 */
export function mergeFinds(finds: Find[]): Find[] {
  finds.sort((a, b) => a.start - b.start || b.end - a.end || b.rank - a.rank);
  const merged: Find[] = [];
  for (const find of finds) {
    const last = merged.at(-1);
    if (last === undefined || find.start >= last.end) merged.push(find);
    else merged[merged.length - 1] = union(last, find);
  }
  return merged;
}

function union(a: Find, b: Find): Find {
  const named = b.rank > a.rank ? b : a;
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end), name: named.name, rank: named.rank };
}
