const encoder = new TextEncoder();

/** Written over by each piece of a text: measuring must not leave a copy of everything that is sent. */
const scratch = new Uint8Array(64 * 1024);

/** Bytes of a text in UTF-8; a lone surrogate counts three, as the character that replaces it. Never throws. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; ) {
    // A character that does not fit any more is left to the next piece, whole.
    const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), scratch);
    at += read;
    bytes += written;
  }
  return bytes;
}
