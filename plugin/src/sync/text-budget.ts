import { MAX_CONTENT_DEPTH, utf8Length } from "@opensync/client";
import { cutText } from "./cut-text.ts";

/** Texts of up to this size are never cut, in bytes of JSON: names and sentences stay whole whatever must shrink. */
const MIN_CUT_BYTES = 1_024;

/** What a value takes as JSON. */
type Measure = {
  /** Everything but the texts that can be cut. */
  fixedBytes: number;
  /** Each text that can be cut. */
  readonly textBytes: number[];
};

/**
 * Cuts the largest texts in a value until its JSON has about so many bytes; smaller ones stay whole. What is nested
 * deeper than the server's database allows becomes a text.
 * @param maxTextBytes most bytes of UTF-8 of one text
 * @returns the value with its texts cut; undefined when it is too large even without them
 */
export function cutToBudget(value: unknown, maxBytes: number, maxTextBytes: number): unknown {
  const measure: Measure = { fixedBytes: 0, textBytes: [] };
  take(value, measure, 1);
  if (measure.fixedBytes + measure.textBytes.length * MIN_CUT_BYTES > maxBytes) return undefined;
  const level = waterLevel(measure.textBytes, maxBytes - measure.fixedBytes);
  return cutTexts(value, (text) => cutToJsonBytes(cutText(text, maxTextBytes), level), 1);
}

/** Bytes of a value as JSON. */
export function jsonBytes(value: unknown): number {
  return utf8Length(JSON.stringify(value) ?? "");
}

/** Whether a value takes at most so many bytes as JSON, and no deep nesting. May say no when it does; never the reverse. */
export function isSurelyWithin(value: unknown, maxBytes: number): boolean {
  return remaining(value, maxBytes, 1) >= 0;
}

/** A character takes at most six bytes. Ends as soon as the budget is used up. */
function remaining(value: unknown, budget: number, depth: number): number {
  if (typeof value === "string") return budget - value.length * 6 - 2;
  if (typeof value !== "object" || value === null) return budget - 24;
  if (depth > MAX_CONTENT_DEPTH) return -1;
  let left = budget - 2;
  for (const name in value) {
    if (left < 0) return left;
    left = remaining(Reflect.get(value, name), left - name.length * 6 - 4, depth + 1);
  }
  return left;
}

function take(value: unknown, measure: Measure, depth: number): void {
  if (typeof value === "string") {
    takeText(value, measure);
  } else if (typeof value !== "object" || value === null) {
    measure.fixedBytes += String(value).length + 1;
  } else if (depth > MAX_CONTENT_DEPTH) {
    takeText(JSON.stringify(value), measure);
  } else if (Array.isArray(value)) {
    measure.fixedBytes += 3;
    for (const item of value) take(item, measure, depth + 1);
  } else {
    measure.fixedBytes += 3;
    for (const [name, member] of Object.entries(value)) {
      measure.fixedBytes += jsonBytes(name) + 1;
      take(member, measure, depth + 1);
    }
  }
}

function takeText(text: string, measure: Measure): void {
  const bytes = text.length * 6 < MIN_CUT_BYTES ? text.length + 3 : jsonBytes(text) + 1;
  if (bytes > MIN_CUT_BYTES) measure.textBytes.push(bytes);
  else measure.fixedBytes += bytes;
}

/** The size to which the larger ones must be cut so that all together fit; infinite when they do. */
function waterLevel(sizes: readonly number[], budget: number): number {
  let left = budget;
  const ascending = [...sizes].sort((a, b) => a - b);
  for (const [index, size] of ascending.entries()) {
    const count = ascending.length - index;
    if (size * count > left) return Math.max(MIN_CUT_BYTES, Math.floor(left / count));
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

function cutTexts(value: unknown, cut: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return cut(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_CONTENT_DEPTH) return cut(JSON.stringify(value));
  if (Array.isArray(value)) return value.map((item) => cutTexts(item, cut, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cutTexts(member, cut, depth + 1)]));
}

/** JSON writes some characters with up to six bytes. */
function cutToJsonBytes(text: string, level: number): string {
  if (text.length * 6 + 2 <= level) return text;
  const bytes = jsonBytes(text);
  return bytes <= level ? text : cutText(text, Math.floor(level / (bytes / utf8Length(text))));
}
