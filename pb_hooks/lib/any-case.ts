// Whether a text is part of another, in any case of any script. SQLite's LIKE and `lower` know only the letters of English,
// and a project may be called Überblick or Проект.

/** SQL of whether a column contains a text; `bound` is its {@link patternOf}. LIKE is five times as fast as GLOB. */
export function containsSql(column: string, text: string, bound: string): string {
  return isEnglish(text) ? `${column} LIKE ${bound} ESCAPE '\\'` : `${column} GLOB ${bound}`;
}

/** What has to be bound for {@link containsSql} of the same text. */
export function patternOf(text: string): string {
  if (isEnglish(text)) return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return `*${Array.from(text, inAnyCase).join("")}*`;
}

const isEnglish = (text: string) => Array.from(text).every((character) => character < "\u0080");

/** A set of the forms of a letter; any other character, in a set of its own where GLOB means something by it. */
function inAnyCase(character: string): string {
  if ("*?[".includes(character)) return `[${character}]`;
  const small = character.toLowerCase();
  const forms = new Set([character, small, character.toUpperCase(), small.toUpperCase()]);
  // The capitals of ß are two letters, and no set can hold both.
  const single = [...forms].filter((form) => Array.from(form).length === 1);
  return single.length > 1 ? `[${single.join("")}]` : character;
}
