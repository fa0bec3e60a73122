/** What a long text shows before it is unfolded. */
const MAX_LINES = 40;
const MAX_CHARACTERS = 6_000;

/** The beginning of a text, and how much there is of it. */
export interface FoldedText {
  readonly head: string;
  readonly lineCount: number;
  /** Whether the head is all. */
  readonly isWhole: boolean;
}

/** Cuts a long text to its first lines; a text without line breaks to its first characters. */
export function foldText(text: string): FoldedText {
  const lines = text.split("\n");
  const head = lines.slice(0, MAX_LINES).join("\n").slice(0, MAX_CHARACTERS);
  return { head, lineCount: lines.length, isWhole: head.length === text.length };
}

const ESCAPE = String.fromCharCode(27);
const TERMINAL_CODE = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]`, "g");

/** Text as a terminal would leave it on the screen: without the codes that colour it. */
export function withoutTerminalCodes(text: string): string {
  return text.replace(TERMINAL_CODE, "");
}
