import { badRequest } from "./errors.ts";

/** UTF-16 units of a cursor: ids are at most 512 bytes, each at most three characters when written in an address. */
export const MAX_CURSOR_LENGTH = 8 * 1024;

/**
 * Where a page ended, to be sent back for the next one: the values by which the list is sorted, of its last row.
 * Pages by value show every row once, however many are added meanwhile, and cost the same at any depth.
 */
export function encodeCursor(values: readonly (string | number)[]): string {
  return values.map((value) => encodeURIComponent(value)).join("|");
}

/**
 * The values of a cursor, by the kinds that the list's order has.
 * @throws HttpError 400 for a cursor that this list did not give out
 */
export function decodeCursor(cursor: string, kinds: readonly ("text" | "number")[]): (string | number)[] {
  const pieces = cursor.split("|");
  if (pieces.length !== kinds.length) throw strangeCursor();
  return pieces.map((piece, index) => {
    const text = decoded(piece);
    if (kinds[index] === "text") return text;
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) throw strangeCursor();
    return value;
  });
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    throw strangeCursor();
  }
}

function strangeCursor(): Error {
  return badRequest("cursor: expected the cursor of an earlier answer to the same question");
}
