/**
 * JSON of a value in the one form that hashes are taken over: keys sorted at every level, no white space, absent left
 * out. Keys are sorted by UTF-16 code units, as RFC 8785 does and as JavaScript compares strings; numbers and strings
 * are written as `JSON.stringify` writes them (so −0 is `0` and a lone surrogate is an escape).
 * Null is data here and stays; a member that is undefined is absent.
 * @param value JSON data: null, booleans, finite numbers, strings, arrays, plain objects. At most a few thousand deep.
 * @throws TypeError for anything that JSON cannot carry unchanged, with the place: it would hash as something else
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$");
}

function write(value: unknown, place: string): string {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${place}: JSON has no number ${value}`);
      return JSON.stringify(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return writeArray(value, place);
      return writeObject(value, place);
    default:
      throw new TypeError(`${place}: JSON has no ${typeof value}`);
  }
}

function writeArray(items: readonly unknown[], place: string): string {
  return `[${items.map((item, index) => write(item, `${place}[${index}]`)).join(",")}]`;
}

function writeObject(object: object, place: string): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`${place}: not a plain object`);
  const members = Object.entries(object)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${write(member, `${place}.${name}`)}`);
  return `{${members.join(",")}}`;
}
