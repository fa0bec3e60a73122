import { type Find, mergeFinds } from "./find.ts";

/** Finds what must be masked in a text; places may overlap and come in any order. */
export type Finder = (text: string) => Find[];

/** A mask, as it stands in a text. */
const MASK = /\[redacted:[\w.-]{1,64}\]/g;

/**
 * Rounds until a text stays as it is. A mask in the place of a token can uncover that what stood beside it is one; more
 * than two rounds happen only in texts that were made for it.
 */
const MAX_ROUNDS = 8;

/**
 * Masks a text: each place becomes `[redacted:<name>]`, and masking the result again changes nothing.
 * @param finders one after the other, each in what the ones before it left
 */
export function maskText(text: string, finders: readonly Finder[]): string {
  let masked = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = finders.reduce(replace, masked);
    if (next === masked) return masked;
    masked = next;
  }
  return masked;
}

/**
 * The places that `maskText` masks, for showing them.
 * @returns in order of the text, by their place in it; what only later rounds find is left out
 */
export function findSecrets(text: string, finders: readonly Finder[]): readonly Find[] {
  return newFinds(text, mergeFinds(finders.flatMap((finder) => finder(text))));
}

/** How many masks a text holds. */
export function countMasks(text: string): number {
  return text.match(MASK)?.length ?? 0;
}

function replace(text: string, finder: Finder): string {
  const finds = newFinds(text, mergeFinds(finder(text)));
  if (finds.length === 0) return text;
  let masked = "";
  let at = 0;
  for (const { start, end, name } of finds) {
    masked += `${text.slice(at, start)}[redacted:${name}]`;
    at = end;
  }
  return masked + text.slice(at);
}

/** Masks that stand in the text stay: a find inside of one is none, and one that touches one takes it in whole. */
function newFinds(text: string, finds: readonly Find[]): readonly Find[] {
  if (finds.length === 0 || !text.includes("[redacted:")) return finds;
  const masks = [...text.matchAll(MASK)].map(({ index, 0: mask }) => ({ start: index, end: index + mask.length }));
  const widened: Find[] = [];
  let next = 0;
  for (const find of finds) {
    while ((masks[next]?.end ?? Number.POSITIVE_INFINITY) <= find.start) next++;
    let { start, end } = find;
    let maskedChars = 0;
    for (let at = next; (masks[at]?.start ?? Number.POSITIVE_INFINITY) < find.end; at++) {
      const mask = masks[at] ?? find;
      start = Math.min(start, mask.start);
      end = Math.max(end, mask.end);
      maskedChars += mask.end - mask.start;
    }
    if (maskedChars < end - start) widened.push({ ...find, start, end });
  }
  return mergeFinds(widened);
}
