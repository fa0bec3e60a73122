/**
 * Cuts a text that is too large: three quarters of what may stay are its beginning, the rest its end, with a line
 * between them that says how much was cut. No character is cut in half.
 * @param maxBytes most bytes of UTF-8 that stay, without the line
 * @returns the text itself when it is not larger
 */
export function cutText(text: string, maxBytes: number): string {
  // A UTF-16 unit takes at most three bytes: only long texts need to be encoded to be measured.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text, "utf8");
  if (bytes.byteLength <= maxBytes) return text;
  const headBytes = Math.floor((maxBytes * 3) / 4);
  const tailBytes = maxBytes - headBytes;
  const head = decodeWhole(bytes.subarray(0, headBytes));
  const tail = decodeWhole(bytes.subarray(bytes.byteLength - tailBytes));
  return `${head}\n[… ${bytes.byteLength - headBytes - tailBytes} bytes cut …]\n${tail}`;
}

/** The text of a piece of UTF-8 without the halves of characters at its ends. */
function decodeWhole(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/^\uFFFD+|\uFFFD+$/g, "");
}
