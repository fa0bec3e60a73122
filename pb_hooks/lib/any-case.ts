/**
 * The pattern of SQLite's GLOB for texts that contain this one, in any case of any script. Its LIKE and `lower` know only
 * the letters of English, and a project may be called Überblick or Проект.
 */
export function containsInAnyCase(text: string): string {
  return `*${Array.from(text, inAnyCase).join("")}*`;
}

/** A set of the forms of a letter; any other character, in a set of its own where GLOB means something by it. */
function inAnyCase(character: string): string {
  if ("*?[".includes(character)) return `[${character}]`;
  const small = character.toLowerCase();
  const forms = new Set([character, small, character.toUpperCase(), small.toUpperCase()]);
  // The capitals of ß are two letters, and no set can hold both.
  const single = [...forms].filter((form) => Array.from(form).length === 1);
  return single.length > 1 ? `[${single.join("")}]` : character;
}
