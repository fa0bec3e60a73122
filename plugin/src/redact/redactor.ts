import type { Message, Session } from "@opensync/client";
import { SECRET_PATTERNS } from "./patterns.ts";

/** Masks secrets in what an item says. Ids, paths and structural fields stay as they are. */
export type Redactor = {
  readonly session: (session: Session) => Session;
  readonly message: (message: Message) => Message;
};

/** Shorter values are words that happen to be a password too: masking them would ruin the text. */
const MIN_SECRET_CHARS = 8;

/**
 * Makes the redactor of this process.
 * @param secrets values that must never leave, wherever they stand; those under 8 characters are ignored
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const values = secrets.filter((secret) => secret.length >= MIN_SECRET_CHARS);
  const mask = (text: string, count: { places: number }): string => maskText(text, values, count);
  return {
    session: (session) => redact(session, ["title", "todos", "meta"], mask),
    message: (message) => redact(message, ["textContent", "parts", "error", "meta"], mask),
  };
}

type Mask = (text: string, count: { places: number }) => string;

/** The item with the named fields masked and `redacted` saying in how many places; untouched when in none. */
function redact<Item extends Session | Message>(item: Item, fields: readonly (keyof Item)[], mask: Mask): Item {
  const count = { places: 0 };
  const masked = { ...item };
  for (const field of fields) masked[field] = mapTexts(item[field], (text) => mask(text, count));
  return count.places === 0 ? item : { ...masked, redacted: count.places };
}

/** The same value with every text in it replaced. Names of members are structure and stay. */
function mapTexts<Value>(value: Value, replace: (text: string) => string): Value {
  // Texts become texts and everything else keeps its shape, which the compiler cannot see.
  return mapUnknown(value, replace) as Value;
}

function mapUnknown(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapUnknown(item, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapUnknown(member, replace)]));
}

function maskText(text: string, secrets: readonly string[], count: { places: number }): string {
  let masked = text;
  for (const secret of secrets) {
    const pieces = masked.split(secret);
    count.places += pieces.length - 1;
    masked = pieces.join("[redacted:secret]");
  }
  for (const { name, pattern } of SECRET_PATTERNS) {
    masked = masked.replaceAll(pattern, () => {
      count.places++;
      return `[redacted:${name}]`;
    });
  }
  return masked;
}
