import type { Message, Session } from "@opensync/client";
import { isSecretMember } from "./assignments.ts";
import { type FieldRule, MESSAGE_RULES, rulesOfPart, SESSION_RULES } from "./content-fields.ts";
import { countMasks } from "./mask-text.ts";
import { secretKind } from "./secret-name.ts";

/** Masks secrets in what an item says. Ids, paths and structural fields stay as they are. */
export type Redactor = {
  readonly session: (session: Session) => Session;
  readonly message: (message: Message) => Message;
};

/** How the redactor of one project masks. */
export type Masking = {
  /** Masks a text; see `maskText`. */
  readonly mask: (text: string) => string;
  /** Whether a member of an object is masked because of its name. Default: yes. */
  readonly byName?: boolean;
};

/** Makes a redactor. It gives an item back with `redacted` saying in how many places, or as it is when in none. */
export function createRedactor(masking: Masking): Redactor {
  return {
    session: (session) => {
      const walk = new Walk(masking);
      const masked = walk.session(session);
      return walk.places === 0 ? session : { ...masked, redacted: walk.places };
    },
    message: (message) => {
      const walk = new Walk(masking);
      const masked = walk.message(message);
      return walk.places === 0 ? message : { ...masked, redacted: walk.places };
    },
  };
}

/** One way through an item, counting the places that it masks. */
class Walk {
  places = 0;
  readonly #masking: Masking;

  constructor(masking: Masking) {
    this.#masking = masking;
  }

  session(session: Session): Session {
    return this.#members(session, SESSION_RULES);
  }

  message({ parts, ...message }: Message): Message {
    const masked = this.#members(message, MESSAGE_RULES);
    return parts === undefined
      ? masked
      : { ...masked, parts: parts.map((part) => this.#members(part, rulesOfPart(part.type))) };
  }

  /** The same object with its members masked by their rules. */
  #members<Item extends object>(item: Item, rules: FieldRule): Item {
    // Texts become texts and everything else keeps its shape, which the compiler cannot see.
    return this.#value(item, rules, undefined) as Item;
  }

  #value(value: unknown, rule: FieldRule, name: string | undefined): unknown {
    if (rule === "structure") return value;
    if (typeof value === "string") return rule === "base64" ? this.#base64(value) : this.#text(value, name);
    if (typeof value !== "object" || value === null) return value;
    return Array.isArray(value) ? this.#items(value, rule, name) : this.#object(value, rule);
  }

  /** The same list when nothing in it is masked, as nearly always: no copy is made then. */
  #items(items: readonly unknown[], rule: FieldRule, name: string | undefined): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (const [index, item] of items.entries()) {
      const masked = this.#value(item, rule, name);
      if (masked === item) continue;
      copy ??= [...items];
      copy[index] = masked;
    }
    return copy ?? items;
  }

  /** As `#items`. */
  #object(object: object, rule: FieldRule): object {
    const nameOfValue = nameOfPair(object);
    const changed: [string, unknown][] = [];
    for (const member of Object.keys(object)) {
      const content: unknown = Reflect.get(object, member);
      const memberRule = typeof rule === "object" && Object.hasOwn(rule, member) ? rule[member] : undefined;
      const masked = this.#value(content, memberRule ?? "content", member === "value" ? nameOfValue : member);
      if (masked !== content) changed.push([member, masked]);
    }
    // Through entries: a member called `__proto__` stays one.
    return changed.length === 0 ? object : Object.fromEntries([...Object.entries(object), ...changed]);
  }

  #text(text: string, name: string | undefined): string {
    const masked = this.#masking.mask(text);
    const kind = name === undefined || this.#masking.byName === false ? undefined : secretKind(name);
    if (kind !== undefined && isSecretMember(kind, masked)) return this.#count(text, `[redacted:${kind}]`);
    return masked === text ? text : this.#count(text, masked);
  }

  /** A text file is masked as a text; in other bytes only known values are found, in their base64 form. */
  #base64(data: string): string {
    const text = decodeText(data);
    const masked = text === undefined ? undefined : this.#masking.mask(text);
    if (masked === undefined || masked === text) return this.#text(data, undefined);
    this.#count(text ?? "", masked);
    return Buffer.from(masked, "utf8").toString("base64");
  }

  #count(before: string, after: string): string {
    // A place that takes in an older mask is one place all the same.
    this.places += Math.max(1, countMasks(after) - countMasks(before));
    return after;
  }
}

/** `{name: "API_KEY", value: "…"}`: environments of containers, headers of recorded requests. */
function nameOfPair(value: object): string | undefined {
  const name = "name" in value ? value.name : "key" in value ? value.key : undefined;
  return typeof name === "string" ? name : undefined;
}

/** The text that some base64 stands for; undefined when it is no UTF-8 text. */
function decodeText(data: string): string | undefined {
  const bytes = Buffer.from(data, "base64");
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
