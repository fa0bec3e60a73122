/** An object out of JSON whose members are still to be looked at. */
export type Data = Record<string, unknown>;

/** Whether a value is a plain JSON object. */
export function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value when it is an object, else an empty one. */
export function dataOf(value: unknown): Data {
  return isData(value) ? value : {};
}

/** The value when it is a non-empty string. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value when it is a count or a time: an integer from 0 that a number holds exactly. */
export function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Parsed JSON, or undefined when the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same object with members that may be undefined made optional. */
type Compact<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & { [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined> };

/** Without members that are undefined: what is absent is left out, never sent as null. */
export function compact<Fields extends object>(fields: Fields): Compact<Fields> {
  // The compiler cannot follow a filter; leaving out undefined members is all that Compact says.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Compact<Fields>;
}

/** The object, or undefined when it has no members. */
export function unlessEmpty(data: Data): Data | undefined {
  return Object.keys(data).length > 0 ? data : undefined;
}

/** An object without some of its members. */
export function omit(data: Data, ...names: readonly string[]): Data {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));
}

/** Whether two JSON values are the same, whatever the order of members. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (!isData(a) || !isData(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  );
}
