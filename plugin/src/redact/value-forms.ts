/** Shortest form that is looked for, in characters. */
export const MIN_FORM_CHARS = 8;

/**
 * The forms in which a value can stand in a text: as it is, inside JSON (also JSON in JSON), percent-encoded, and as a
 * part of something in base64, whatever stands before and after it there.
 * @returns distinct, each at least 8 characters
 */
export function formsOf(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  const encoded = percentEncode(value);
  const forms = [
    value,
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    value.replaceAll("/", "\\/"),
    encoded,
    encoded.replace(/%[\dA-F]{2}/g, (hex) => hex.toLowerCase()),
    encoded.replaceAll("%20", "+"),
    ...linesOf(value),
    ...base64Forms(value),
  ];
  return [...new Set(forms)].filter((form) => form.length >= MIN_FORM_CHARS);
}

/** A lone surrogate cannot be encoded; then nobody has encoded it. */
function percentEncode(value: string): string {
  return value.isWellFormed() ? encodeURIComponent(value) : value;
}

/** A listing with line numbers tears a value of several lines apart. */
function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/);
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= 16 && !line.startsWith("-----"));
}

/** Each for one of three positions in the groups of three bytes; characters that also depend on a neighbour are left out. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value, "utf8")]);
    const own = (text: string) => text.slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.byteLength * 8) / 6));
    return [own(bytes.toString("base64")), own(bytes.toString("base64url"))];
  });
}
