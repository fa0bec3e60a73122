import { readBody } from "./body.ts";
import { badRequest } from "./errors.ts";
import { queryAll, queryOne } from "./vm.ts";

/** Bytes of the small bodies that carry an account or the name of a key. */
const MAX_FIELDS_BYTES = 64 * 1024;

interface Field {
  /** SQLite's name of the JSON type: null, true, false, integer, real, text, array, object. */
  readonly kind: string;
  /** The value of a text, or the digits of a number. */
  readonly text: string;
}

/**
 * The members of a small JSON object that a client sent. SQLite takes it apart, as everywhere: see {@link readBody}.
 * `null` counts as absent, of a repeated key the first counts, unknown keys are ignored.
 */
export class Fields {
  readonly #fields: ReadonlyMap<string, Field>;

  constructor(fields: ReadonlyMap<string, Field>) {
    this.#fields = fields;
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
    const field = this.#fields.get(name);
    if (!field) return "";
    if (field.kind !== "text") throw badRequest(`${name}: expected text, got ${field.kind}`);
    return field.text;
  }

  /**
   * A time.
   * @returns epoch milliseconds, 0 when absent
   * @throws HttpError 400 for anything but a number in range
   */
  timeMs(name: string): number {
    const field = this.#fields.get(name);
    if (!field) return 0;
    const timeMs = field.kind === "integer" || field.kind === "real" ? Math.round(Number(field.text)) : Number.NaN;
    if (timeMs >= 0 && timeMs <= Number.MAX_SAFE_INTEGER) return timeMs;
    throw badRequest(`${name}: expected a time in epoch milliseconds`);
  }
}

/**
 * Reads the body as a JSON object.
 * @throws HttpError 400 when it is not one, 413 above 64 KiB
 */
export function readFields(e: core.RequestEvent): Fields {
  const body = readBody(e, MAX_FIELDS_BYTES);
  const shape = queryOne(
    e.app,
    "SELECT CASE WHEN json_valid(d) THEN json_type(d) ELSE '' END AS kind FROM (SELECT {:body} AS d)",
    { body },
    { kind: "" },
  );
  if (!shape?.kind) throw badRequest("The body is not valid JSON.");
  if (shape.kind !== "object") throw badRequest(`The body must be a JSON object, got ${shape.kind}.`);
  const members = queryAll(
    e.app,
    "SELECT key AS name, type AS kind, CAST(COALESCE(atom, '') AS TEXT) AS text FROM json_each({:body})",
    { body },
    { name: "", kind: "", text: "" },
  );
  const fields = new Map<string, Field>();
  const seen = new Set<string>();
  for (const { name, kind, text } of members) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (kind !== "null") fields.set(name, { kind, text });
  }
  return new Fields(fields);
}
