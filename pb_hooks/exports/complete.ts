/**
 * To be called when all was written. What is there at the beginning and still at the end must be in the file: a row whose
 * time was corrected meanwhile may have moved to a page that had been written before.
 * @throws when something is missing
 */
export function requireAll(what: string, written: number, before: number, after: number): void {
  const expected = Math.min(before, after);
  if (written < expected) throw new Error(`${written} ${what} were written, but there are ${expected}`);
}
