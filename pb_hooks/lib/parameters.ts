import { badRequest } from "./errors.ts";

/** UTF-16 units of one parameter, unless its reader says otherwise. */
const MAX_LENGTH = 500;

/** Values that one parameter may repeat. */
const MAX_VALUES = 100;

/** The parameters of a request's address. Absent and empty are the same; what is malformed is a 400, never ignored. */
export class Parameters {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly #asked = new Set<string>();

  /**
   * @param e the request, of which only the address is read
   * @throws HttpError 400 for an address that cannot be read
   */
  constructor(e: { readonly request?: { readonly url?: { readonly rawQuery: string } } }) {
    this.#values = parseQuery(e.request?.url?.rawQuery ?? "");
  }

  /**
   * A text without surrounding white space.
   * @returns "" when absent
   * @throws HttpError 400 above maxLength UTF-16 units
   */
  text(name: string, maxLength = MAX_LENGTH): string {
    return this.#checked(name, this.#valuesOf(name)[0] ?? "", maxLength);
  }

  /**
   * All values of a parameter that may be repeated (`?tag=a&tag=b`). Not split at commas: paths and titles hold them.
   * @param keepsEmpty for a parameter whose empty value (`?project=`) has a meaning of its own
   * @returns [] when absent
   */
  list(name: string, { keepsEmpty = false } = {}): string[] {
    const values = this.#valuesOf(name);
    if (values.length > MAX_VALUES) throw badRequest(`${name}: expected at most ${MAX_VALUES} values`);
    return values.map((value) => this.#checked(name, value, MAX_LENGTH)).filter((value) => keepsEmpty || value !== "");
  }

  /**
   * All values of a parameter that may be repeated, each one of a few words.
   * @returns [] when absent
   * @throws HttpError 400 that names them
   */
  words<const Word extends string>(name: string, words: readonly Word[]): Word[] {
    return this.list(name).map((text) => {
      const word = words.find((candidate) => candidate === text);
      if (word === undefined) throw this.#unexpected(name, words.join(", "), text);
      return word;
    });
  }

  /**
   * One of a few words.
   * @throws HttpError 400 that names them
   */
  oneOf<const Word extends string>(name: string, words: readonly Word[], absent: Word): Word {
    const text = this.text(name);
    if (text === "") return absent;
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw this.#unexpected(name, words.join(", "), text);
    return word;
  }

  /**
   * A whole number in a range, both ends included.
   * @throws HttpError 400 for anything else
   */
  integer(name: string, range: { readonly absent: number; readonly min: number; readonly max: number }): number {
    const text = this.text(name);
    if (text === "") return range.absent;
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    throw this.#unexpected(name, `a whole number from ${range.min} to ${range.max}`, text);
  }

  /**
   * A number in a range, both ends included.
   * @throws HttpError 400 for anything else
   */
  decimal(name: string, range: { readonly absent: number; readonly min: number; readonly max: number }): number {
    const text = this.text(name);
    if (text === "") return range.absent;
    const value = /^-?\d{1,16}(?:\.\d{1,16})?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    throw this.#unexpected(name, `a number from ${range.min} to ${range.max}`, text);
  }

  /**
   * A moment: epoch milliseconds, or an ISO 8601 date or date with time (`2026-01-31`, `2026-01-31T12:00:00Z`; without
   * a zone it is UTC).
   * @returns epoch milliseconds; 0 when absent
   */
  timeMs(name: string): number {
    const text = this.text(name);
    if (text === "") return 0;
    const timeMs = parseTime(text);
    if (timeMs === undefined) throw this.#unexpected(name, "epoch milliseconds or a date such as 2026-01-31", text);
    return timeMs;
  }

  /** `1` and `true` are yes, `0` and `false` are no, absent is undefined. */
  flag(name: string): boolean | undefined {
    const text = this.text(name).toLowerCase();
    if (text === "") return undefined;
    if (text === "1" || text === "true") return true;
    if (text === "0" || text === "false") return false;
    throw this.#unexpected(name, "1, 0, true or false", text);
  }

  /**
   * To be called when everything was asked for, where a misspelt parameter must not pass for one that is absent.
   * @throws HttpError 400 for a parameter that nobody asked for
   */
  refuseOthers(): void {
    const other = [...this.#values.keys()].find((name) => !this.#asked.has(name));
    if (other !== undefined) throw badRequest(`${other.slice(0, 40)}: there is no such parameter here`);
  }

  #valuesOf(name: string): readonly string[] {
    this.#asked.add(name);
    return this.#values.get(name) ?? [];
  }

  #checked(name: string, value: string, maxLength: number): string {
    const text = value.trim().replaceAll("\u0000", "\uFFFD");
    if (text.length > maxLength) throw badRequest(`${name}: expected at most ${maxLength} characters`);
    return text;
  }

  #unexpected(name: string, expected: string, text: string): Error {
    return badRequest(`${name}: expected ${expected}, got ${text.slice(0, 40)}`);
  }
}

/**
 * The values of each parameter of an address, in order. Go's own reading of it shows the VM only the first value of each.
 * @throws HttpError 400 for what is no text in UTF-8
 */
export function parseQuery(query: string): ReadonlyMap<string, readonly string[]> {
  const parameters = new Map<string, string[]>();
  for (const pair of query.split("&").filter((text) => text !== "")) {
    const end = pair.includes("=") ? pair.indexOf("=") : pair.length;
    const name = decode(pair.slice(0, end));
    parameters.set(name, [...(parameters.get(name) ?? []), decode(pair.slice(end + 1))]);
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw badRequest(`The address is malformed: expected UTF-8 in percent-encoding, got ${text.slice(0, 40)}`);
  }
}

/** Whether a text is a date of the calendar, without a time. */
export const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

const DATE_AND_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;

/** Epoch milliseconds of a moment in one of the forms of {@link Parameters.timeMs}; undefined for any other text. */
export function parseTime(text: string): number | undefined {
  // Shorter numbers are more likely years or days than moments of January 1970.
  if (/^\d{9,16}$/.test(text)) return Number(text);
  const zone = DATE_AND_TIME.exec(text);
  if (!zone && !isDate(text)) return undefined;
  if (!isDayOfCalendar(text.slice(0, 10))) return undefined;
  const timeMs = Date.parse(zone && zone[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(timeMs) || timeMs < 0 ? undefined : timeMs;
}

/** `Date.parse` takes 30 February for 2 March. */
function isDayOfCalendar(date: string): boolean {
  const timeMs = Date.parse(date);
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(date);
}
