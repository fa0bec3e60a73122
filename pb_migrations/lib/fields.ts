// Short forms of PocketBase's fields, so that a migration reads as a table of names.

/** Characters of ordinary text columns; PocketBase's own default of 5,000 would make later saves of long rows fail. */
const MAX_TEXT_LENGTH = 1_000_000;

/** Bytes of JSON columns and of the columns that hold whole texts. A request brings 8 MiB at most. */
const MAX_CONTENT_BYTES = 16 * 1024 * 1024;

/** Texts; absent = "". */
export function texts(...names: string[]): TextField[] {
  return names.map((name) => new TextField({ name, max: MAX_TEXT_LENGTH }));
}

/** Texts of any length, such as what was said in a message. */
export function longTexts(...names: string[]): TextField[] {
  return names.map((name) => new TextField({ name, max: MAX_CONTENT_BYTES }));
}

/** Whole numbers: counts, flags, times in epoch milliseconds; absent = 0. */
export function integers(...names: string[]): NumberField[] {
  return names.map((name) => new NumberField({ name, onlyInt: true }));
}

/** Numbers with fractions: money in USD. */
export function decimals(...names: string[]): NumberField[] {
  return names.map((name) => new NumberField({ name }));
}

/** JSON values, kept as the text that was sent; absent = null. */
export function documents(...names: string[]): JSONField[] {
  return names.map((name) => new JSONField({ name, maxSize: MAX_CONTENT_BYTES }));
}
