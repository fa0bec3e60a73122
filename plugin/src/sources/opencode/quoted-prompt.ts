/** A prompt without the quotes that `opencode run` put round it. */
export type Unquoted = {
  readonly text: string;
  /** What followed the closing quote: white space, usually none. Needed to put the quotes back. */
  readonly after: string;
};

/**
 * Undoes the quotes of `opencode run "two words"`, which stores the prompt as `"two words"` with inner quotes escaped.
 * Only when quoting again gives exactly the original; anything else was typed like that.
 * @returns undefined when the prompt was not quoted
 * @source OpenCode 1.0-1.18.33; 1.2 adds a line break after the closing quote
 */
export function unquotePrompt(prompt: string): Unquoted | undefined {
  const match = /^"([\s\S]*)"(\s*)$/.exec(prompt);
  if (match === null) return undefined;
  const [, quoted = "", after = ""] = match;
  const text = quoted.replaceAll('\\"', '"');
  // An argument without a space is not quoted by OpenCode.
  return text.includes(" ") && quotePrompt({ text, after }) === prompt ? { text, after } : undefined;
}

/** The prompt as OpenCode stores it. */
export function quotePrompt({ text, after }: Unquoted): string {
  return `"${text.replaceAll('"', '\\"')}"${after}`;
}
