/** A value as text: text as it is, anything else as indented JSON. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value, null, 2) ?? "";
}

/** An argument of a tool call: its name and its value as text. */
export interface ShownArgument {
  readonly name: string;
  readonly text: string;
}

/** The arguments of a call one by one, short ones first; anything but an object is one argument without a name. */
export function showArguments(args: unknown): ShownArgument[] {
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    const text = showValue(args);
    return text === "" ? [] : [{ name: "", text }];
  }
  const shown = Object.entries(args).map(([name, value]) => ({ name, text: showValue(value) }));
  const isLong = ({ text }: ShownArgument) => Number(text.includes("\n") || text.length > 120);
  return shown.filter(({ text }) => text !== "").sort((a, b) => isLong(a) - isLong(b));
}

const EDIT_PAIRS = [
  ["oldString", "newString"],
  ["old_string", "new_string"],
  ["old_str", "new_str"],
  ["old", "new"],
] as const;

/** The two sides of an edit, if the call is one. */
export function readEdit(args: unknown): { before: string; after: string; rest: Record<string, unknown> } | undefined {
  if (typeof args !== "object" || args === null) return undefined;
  const record = new Map<string, unknown>(Object.entries(args));
  for (const [oldName, newName] of EDIT_PAIRS) {
    const before = record.get(oldName);
    const after = record.get(newName);
    if (typeof before !== "string" || typeof after !== "string") continue;
    record.delete(oldName);
    record.delete(newName);
    return { before, after, rest: Object.fromEntries(record) };
  }
  return undefined;
}
