/** A piece of a text, marked or not. */
export interface Piece {
  readonly text: string;
  readonly isMarked: boolean;
}

/** Cuts a text at its marks. Marks that overlap or lie outside are bent into place, never an error. */
export function markedPieces(text: string, marks: readonly (readonly [start: number, end: number])[]): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const [start, end] of marks.toSorted(([a], [b]) => a - b)) {
    const from = Math.max(start, done);
    if (end <= from) continue;
    pieces.push({ text: text.slice(done, from), isMarked: false }, { text: text.slice(from, end), isMarked: true });
    done = Math.min(end, text.length);
  }
  pieces.push({ text: text.slice(done), isMarked: false });
  return pieces.filter((piece) => piece.text !== "");
}
