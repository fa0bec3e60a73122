// A piece of a text around what was looked for, with marks. FTS5 has a function for it, but that one compares every match
// in a text with every other: for a frequent word in a tool's output it takes longer than the search.

/** A word or phrase to mark, in small letters. */
export interface Needle {
  readonly text: string;
  /** Whether the word may go on behind it. */
  readonly isPrefix: boolean;
  /** What is marked where the whole is not to be found: the index takes `a/b` and `a b` for the same. */
  readonly pieces?: readonly Needle[];
}

/** A piece of text, and the [start, end) of the matches in it, in UTF-16 units. */
export interface Excerpt {
  readonly snippet: string;
  readonly marks: readonly Mark[];
}
type Mark = readonly [start: number, end: number];

/** Matches of one needle that are looked at. */
const MAX_MATCHES = 20;

/** Characters before the first match and of the whole piece. */
const BEFORE = 60;
const LENGTH = 240;

/** The piece with the most matches; the beginning, without marks, where there is none. */
export function excerptOf(text: string, needles: readonly Needle[]): Excerpt {
  const all = marksIn(text, needles);
  const { start, end } = windowOf(text, all);
  const before = start > 0 ? "…" : "";
  const after = end < text.length ? "…" : "";
  const shift = before.length - start;
  const inside = all.filter(([from, to]) => from >= start && to <= end);
  const marks = inside.map(([from, to]): Mark => [from + shift, to + shift]);
  return { snippet: `${before}${text.slice(start, end)}${after}`, marks };
}

/** Begins and ends between words where that costs little. */
function windowOf(text: string, marks: readonly Mark[]): { start: number; end: number } {
  let densest = { from: 0, count: 0 };
  let next = 0;
  for (const [index, [from]] of marks.entries()) {
    while ((marks[next]?.[1] ?? Number.POSITIVE_INFINITY) <= from + LENGTH - BEFORE) next += 1;
    if (next - index > densest.count) densest = { from, count: next - index };
  }
  const earliest = Math.max(0, densest.from - BEFORE);
  const space = earliest === 0 ? -1 : text.indexOf(" ", earliest);
  const start = space >= 0 && space < densest.from ? space + 1 : earliest;
  const latest = start + LENGTH;
  const lastSpace = text.lastIndexOf(" ", latest);
  return {
    start,
    end: latest >= text.length || lastSpace < latest - BEFORE ? Math.min(latest, text.length) : lastSpace,
  };
}

/** All matches in a short text, in order, no two of them overlapping. */
export function marksIn(text: string, needles: readonly Needle[]): Mark[] {
  const small = lowerCase(text);
  const marks: [number, number][] = [];
  const all = needles.flatMap((needle) => matchesOf(small, needle)).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  for (const [start, end] of all) {
    const last = marks.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else marks.push([start, end]);
  }
  return marks;
}

function matchesOf(small: string, needle: Needle): Mark[] {
  const matches: Mark[] = [];
  let at = find(small, needle, 0);
  while (at >= 0 && matches.length < MAX_MATCHES) {
    matches.push([at, endOf(small, at, needle)]);
    at = find(small, needle, at + needle.text.length);
  }
  return matches.length > 0 ? matches : (needle.pieces ?? []).flatMap((piece) => matchesOf(small, piece));
}

/** Where the needle stands as a word of its own, from a place on; -1 = nowhere. */
function find(small: string, { text, isPrefix }: Needle, from: number): number {
  for (let at = small.indexOf(text, from); at >= 0; at = small.indexOf(text, at + 1)) {
    const end = at + text.length;
    if (!isLetter(small, at - 1) && (isPrefix || !isLetter(small, end))) return at;
  }
  return -1;
}

function endOf(small: string, at: number, { text, isPrefix }: Needle): number {
  let end = at + text.length;
  while (isPrefix && isLetter(small, end)) end += 1;
  return end;
}

/** Small letters, place by place: a few capital letters become two small ones, which would move the rest. */
function lowerCase(text: string): string {
  const small = text.toLowerCase();
  return small.length === text.length ? small : text;
}

/** Letters and digits, roughly as the index knows them. */
function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code >= 0xc0;
}
