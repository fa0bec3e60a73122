const encoder = new TextEncoder();

/** Bytes of a text in UTF-8; a lone surrogate counts three, as the character that replaces it. Never throws. */
export function utf8Length(text: string): number {
  return encoder.encode(text).byteLength;
}
