import { type Find, RANK } from "./find.ts";
import type { Finder } from "./mask-text.ts";

/** A pattern that a person added. */
export type OwnPattern = {
  /** Letters, digits, `-`, `_` and `.`; shown in the mask. */
  readonly name: string;
  /** A regular expression, of which `whyRefused` has nothing to say. */
  readonly pattern: string;
};

/** Longest name and pattern, in characters. */
const MAX_NAME_CHARS = 48;
const MAX_PATTERN_CHARS = 500;

/** An expression looks at so much of a line at once: what it may cost grows with the square of this, not of the text. */
const PIECE_CHARS = 1_000;

/** Pieces of a longer line overlap by this much, so that a match at a border is found. */
const OVERLAP_CHARS = 200;

/** Something repeated that itself repeats, or chooses: the forms that can take exponential time. */
const NESTED_REPETITION = /\((?:[^()\\]|\\.)*[*+}|](?:[^()\\]|\\.)*\)\s*[*+{]/;

/**
 * Why a pattern cannot be used.
 * @returns a sentence for the person who wrote it; undefined: it can be used
 */
export function whyRefused({ name, pattern }: OwnPattern): string | undefined {
  if (!/^[\w.-]+$/.test(name) || name.length > MAX_NAME_CHARS) {
    return `a name has 1 to ${MAX_NAME_CHARS} letters, digits, "-", "_" and "."`;
  }
  if (pattern.length > MAX_PATTERN_CHARS) return `a pattern has at most ${MAX_PATTERN_CHARS} characters`;
  if (/\\[1-9]|\\k<|\(\?(?!:)/.test(pattern)) return "references back and looking around can take for ever";
  if (NESTED_REPETITION.test(pattern) || /\)\s*[*+{]/.test(pattern)) return "a repeated group can take for ever";
  try {
    return new RegExp(pattern, "u").test("") ? "it matches nothing at all, and with it every place" : undefined;
  } catch {
    return "it is not a regular expression";
  }
}

/** Makes a finder for a person's own patterns. One that cannot be used finds nothing: `config` refuses it before. */
export function createOwnPatternFinder(patterns: readonly OwnPattern[]): Finder {
  const usable = patterns
    .filter((own) => whyRefused(own) === undefined)
    .map(({ name, pattern }) => ({ name, expression: new RegExp(pattern, "gu") }));
  if (usable.length === 0) return () => [];
  return (text) => {
    const finds: Find[] = [];
    for (const { start, piece } of piecesOf(text)) {
      for (const { name, expression } of usable) {
        for (const match of piece.matchAll(expression)) {
          const at = start + match.index;
          if (match[0] !== "") finds.push({ start: at, end: at + match[0].length, name, rank: RANK.named });
        }
      }
    }
    return finds;
  };
}

function* piecesOf(text: string): Generator<{ readonly start: number; readonly piece: string }> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const lineEnd = newline < 0 ? text.length : newline;
    for (let at = start; at < lineEnd; at += PIECE_CHARS - OVERLAP_CHARS) {
      yield { start: at, piece: text.slice(at, Math.min(lineEnd, at + PIECE_CHARS)) };
    }
    start = lineEnd + 1;
  }
}
