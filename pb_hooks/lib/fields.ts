import { readBody } from "./body.ts";
import { badRequest } from "./errors.ts";
import { queryAll, queryOne } from "./vm.ts";

/** Bytes of the small bodies that carry an account or the name of a key. */
const MAX_FIELDS_BYTES = 64 * 1024;

interface Field {
  /** SQLite's name of the JSON type: null, true, false, integer, real, text, array, object. */
  readonly kind: string;
  /** The value of a text, the digits of a number, or the JSON of a list or an object. */
  readonly text: string;
}

/**
 * The members of a JSON object that a client sent. SQLite takes it apart, as everywhere: see {@link readBody}.
 * `null` counts as absent but for {@link isStated}, of a repeated key the first counts, unknown keys are ignored.
 */
export class Fields {
  readonly #app: core.App;
  readonly #fields: ReadonlyMap<string, Field>;

  constructor(app: core.App, fields: ReadonlyMap<string, Field>) {
    this.#app = app;
    this.#fields = fields;
  }

  /** Whether a member is there at all, if only as `null`: where that means to clear something. */
  isStated(name: string): boolean {
    return this.#fields.has(name);
  }

  /**
   * A text without surrounding white space.
   * @param maxLength limit in UTF-16 units
   * @returns "" when absent
   * @throws HttpError 400 for another type or more than maxLength
   */
  text(name: string, maxLength: number): string {
    const text = this.secret(name).trim().replaceAll("\u0000", "\uFFFD");
    if (text.length > maxLength) throw badRequest(`${name}: expected at most ${maxLength} characters`);
    return text;
  }

  /**
   * A text exactly as sent, for passwords and tokens.
   * @returns "" when absent
   * @throws HttpError 400 for another type
   */
  secret(name: string): string {
    const field = this.#present(name);
    if (!field) return "";
    if (field.kind !== "text") throw badRequest(`${name}: expected text, got ${field.kind}`);
    return field.text;
  }

  /**
   * Yes or no.
   * @returns false when absent
   * @throws HttpError 400 for anything but true and false
   */
  flag(name: string): boolean {
    const field = this.#present(name);
    if (!field) return false;
    if (field.kind !== "true" && field.kind !== "false") {
      throw badRequest(`${name}: expected true or false, got ${field.kind}`);
    }
    return field.kind === "true";
  }

  /**
   * A list of texts.
   * @returns [] when absent
   * @throws HttpError 400 for anything else
   */
  texts(name: string): string[] {
    const list = this.textList(name);
    if (list === "") return [];
    return queryAll(this.#app, "SELECT value AS text FROM json_each({:list})", { list }, { text: "" }).map(
      ({ text }) => text,
    );
  }

  /**
   * The same, left as the JSON that SQLite can go on with: for long lists.
   * @returns "" when absent
   */
  textList(name: string): string {
    const field = this.#present(name);
    if (!field) return "";
    if (field.kind !== "array") throw badRequest(`${name}: expected a list, got ${field.kind}`);
    const strange = queryOne(
      this.#app,
      "SELECT key AS position, type AS kind FROM json_each({:list}) WHERE type <> 'text' LIMIT 1",
      { list: field.text },
      { position: 0, kind: "" },
    );
    if (strange) throw badRequest(`${name}[${strange.position}]: expected text, got ${strange.kind}`);
    return field.text;
  }

  /**
   * An object inside.
   * @returns one without members when absent
   * @throws HttpError 400 for anything but an object
   */
  object(name: string): Fields {
    const field = this.#present(name);
    if (field && field.kind !== "object") throw badRequest(`${name}: expected an object, got ${field.kind}`);
    return new Fields(this.#app, field ? readMembers(this.#app, field.text) : new Map());
  }

  /**
   * A number in a range, both ends included.
   * @returns undefined when absent
   * @throws HttpError 400 for anything else
   */
  decimal(name: string, range: { readonly min: number; readonly max: number }): number | undefined {
    const field = this.#fields.get(name);
    if (!field) return undefined;
    const value = field.kind === "integer" || field.kind === "real" ? Number(field.text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    throw badRequest(`${name}: expected a number from ${range.min} to ${range.max}`);
  }

  /**
   * A time.
   * @returns epoch milliseconds, 0 when absent
   * @throws HttpError 400 for anything but a number in range
   */
  timeMs(name: string): number {
    const field = this.#present(name);
    if (!field) return 0;
    const timeMs = field.kind === "integer" || field.kind === "real" ? Math.round(Number(field.text)) : Number.NaN;
    if (timeMs >= 0 && timeMs <= Number.MAX_SAFE_INTEGER) return timeMs;
    throw badRequest(`${name}: expected a time in epoch milliseconds`);
  }

  #present(name: string): Field | undefined {
    const field = this.#fields.get(name);
    return field?.kind === "null" ? undefined : field;
  }
}

/**
 * Reads the body as a JSON object.
 * @param maxBytes of the body
 * @throws HttpError 400 when it is not one, 413 above maxBytes
 */
export function readFields(e: core.RequestEvent, maxBytes = MAX_FIELDS_BYTES): Fields {
  const body = readBody(e, maxBytes);
  const shape = queryOne(
    e.app,
    "SELECT CASE WHEN json_valid(d) THEN json_type(d) ELSE '' END AS kind FROM (SELECT {:body} AS d)",
    { body },
    { kind: "" },
  );
  // SQLite reads no further than a NUL, so what comes behind one would be dropped without a word.
  if (!shape?.kind || body.includes("\0")) throw badRequest("The body is not valid JSON.");
  if (shape.kind !== "object") throw badRequest(`The body must be a JSON object, got ${shape.kind}.`);
  return new Fields(e.app, readMembers(e.app, body));
}

function readMembers(app: core.App, json: string): Map<string, Field> {
  const members = queryAll(
    app,
    "SELECT key AS name, type AS kind, CAST(coalesce(value, '') AS TEXT) AS text FROM json_each({:json})",
    { json },
    { name: "", kind: "", text: "" },
  );
  const fields = new Map<string, Field>();
  for (const { name, kind, text } of members) {
    if (!fields.has(name)) fields.set(name, { kind, text });
  }
  return fields;
}
