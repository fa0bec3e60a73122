/** Where a transcript opens: at a message, else at its end. */
export interface Position {
  /** Id of a message's record. */
  readonly message?: string;
}

/** Reads the position of an address; what it cannot read opens the end. */
export function readPosition(search: Record<string, unknown>): Position {
  const message = search["message"];
  return typeof message === "string" && /^[a-z0-9]+$/i.test(message) ? { message } : {};
}
