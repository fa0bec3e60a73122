/** Longest title made from a prompt, characters. */
const MAX_TITLE_CHARS = 100;

/**
 * Whether a title says nothing: it is missing, or the one that OpenCode gives before its model has written one, which
 * some sessions keep.
 * @source OpenCode 0.5-1.18.33; in 2.x a title may be missing
 */
export function isPlaceholderTitle(title: unknown): boolean {
  return typeof title !== "string" || title === "" || /^(New|Child) session - \d{4}-\d\d-\d\dT[\d:.]+Z$/.test(title);
}

/** A title from what the person asked first: its first line, cut. Undefined when there is none. */
export function titleFromPrompt(prompt: string | undefined): string | undefined {
  const line = prompt?.split("\n").find((each) => each.trim() !== "");
  if (line === undefined) return undefined;
  const characters = [...line.trim()];
  return characters.length > MAX_TITLE_CHARS ? `${characters.slice(0, MAX_TITLE_CHARS - 1).join("")}…` : line.trim();
}
