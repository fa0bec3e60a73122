import { type Find, RANK } from "./find.ts";
import type { Finder } from "./mask-text.ts";
import { formsOf } from "./value-forms.ts";

/** A value that must not leave this machine. */
export type SecretValue = { readonly name: string; readonly value: string };

/** Characters that are compared at once to skip over those that can belong to no value. */
const BLOCK = 3;

/** Size of the tables, a power of two: big enough that blocks of a few hundred values seldom share a place. */
const TABLE_SIZE = 1 << 14;

type Needle = { readonly name: string; readonly text: string };

/**
 * Makes a finder for values, in every form that `formsOf` knows. All are looked for at once, after Wu and Manber: a
 * table says for the last three characters of a window how far the window can move on, which is mostly six characters.
 * @param values 8 characters at least; the first name of a value counts
 */
export function createValueFinder(values: readonly SecretValue[]): Finder {
  const needles = needlesOf(values);
  if (needles.length === 0) return () => [];
  const width = Math.min(...needles.map(({ text }) => text.length));
  const shifts = new Uint8Array(TABLE_SIZE).fill(Math.min(width - BLOCK + 1, 255));
  const ending = new Map<number, Needle[]>();
  for (const needle of needles) {
    for (let at = BLOCK - 1; at < width; at++) {
      const slot = slotOf(needle.text, at);
      shifts[slot] = Math.min(shifts[slot] ?? 0, width - 1 - at);
      if (at === width - 1) ending.set(slot, [...(ending.get(slot) ?? []), needle]);
    }
  }
  return (text) => {
    const finds: Find[] = [];
    for (let at = width - 1; at < text.length; ) {
      const slot = slotOf(text, at);
      const shift = shifts[slot] ?? 1;
      if (shift === 0) collect(text, at - width + 1, ending.get(slot) ?? [], finds);
      at += Math.max(shift, 1);
    }
    return finds;
  };
}

function needlesOf(values: readonly SecretValue[]): Needle[] {
  const names = new Map<string, string>();
  for (const { name, value } of values) {
    for (const form of formsOf(value)) if (!names.has(form)) names.set(form, name);
  }
  return [...names].map(([text, name]) => ({ text, name }));
}

/** Table place of the three characters that end at `at`. */
function slotOf(text: string, at: number): number {
  return (text.charCodeAt(at) ^ (text.charCodeAt(at - 1) << 5) ^ (text.charCodeAt(at - 2) << 10)) & (TABLE_SIZE - 1);
}

function collect(text: string, start: number, needles: readonly Needle[], finds: Find[]): void {
  for (const needle of needles) {
    if (!text.startsWith(needle.text, start)) continue;
    finds.push({ start, end: start + needle.text.length, name: needle.name, rank: RANK.value });
  }
}
