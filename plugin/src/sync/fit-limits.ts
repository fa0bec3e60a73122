import {
  CHUNK_MAX_BYTES,
  MAX_PART_CONTENT_BYTES,
  type Message,
  type Part,
  type Session,
  utf8Length,
} from "@opensync/client";
import { cutText } from "./cut-text.ts";
import { cutToBudget, isSurelyWithin, jsonBytes } from "./text-budget.ts";

/** What one item may take of a request, in bytes of JSON. The rest is for the frame around it. */
const MAX_ITEM_BYTES = CHUNK_MAX_BYTES - 64 * 1024;

/** What a content may take beside its text, in bytes of JSON: ids, names, escapes. */
const AROUND_TEXT_BYTES = 64 * 1024;

/** Attempts to get an item below the limit. What is left of a cut text may hold more escapes than what was cut. */
const MAX_ROUNDS = 8;

/**
 * Makes a message fit the wire. A content above 1 MiB keeps the beginning and the end of its largest texts; a message
 * above 4 MiB is cut in the same way, largest texts first, so that everything else goes through whole. What is nested
 * deeper than the server's database allows travels as text. Every cut says how much it took.
 */
export function fitMessage(message: Message): Message {
  if (isSurelyWithin(message, MAX_PART_CONTENT_BYTES)) return message;
  const { parts } = message;
  const fitted = {
    ...fitFields(message, ["textContent", "meta", "error"], MAX_PART_CONTENT_BYTES),
    ...(parts === undefined ? {} : { parts: parts.map(fitPart) }),
  };
  return shrink(fitted, ["textContent", "parts", "meta", "error"]);
}

/** As `fitMessage`. The agent's own notes on a session can hold all that it changed. */
export function fitSession(session: Session): Session {
  if (isSurelyWithin(session, MAX_PART_CONTENT_BYTES)) return session;
  return fitFields(session, ["title", "todos", "meta"], MAX_PART_CONTENT_BYTES);
}

/** Cuts an item that is too large as a whole, in the named fields. */
function shrink<Item extends Message>(item: Item, names: readonly (keyof Item)[]): Item {
  let shrunk = item;
  for (let round = 0; round < MAX_ROUNDS && jsonBytes(shrunk) > MAX_ITEM_BYTES; round++) {
    const budget = MAX_ITEM_BYTES * 0.8 ** (round + 1);
    const { parts = [] } = item;
    const share = budget / 2 / Math.max(1, parts.length);
    const withoutFiles = {
      ...item,
      ...(parts.length > 0 ? { parts: parts.map((part) => dropBytes(part, share)) } : {}),
    };
    const fields = cutToBudget(pick(withoutFiles, names), budget, MAX_PART_CONTENT_BYTES);
    shrunk = isObject(fields) ? { ...item, ...fields } : fitFields(withoutFiles, names, Math.floor(share));
  }
  return shrunk;
}

/** Each of the fields by itself. */
function fitFields<Item extends object>(item: Item, names: readonly (keyof Item)[], maxBytes: number): Item {
  const fields = Object.entries(pick(item, names)).map(([name, value]) => [name, fit(value, maxBytes)]);
  return { ...item, ...Object.fromEntries(fields) };
}

function pick<Item extends object>(item: Item, names: readonly (keyof Item)[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
}

function fitPart(part: Part): Part {
  const fitted = { ...part, content: fitContent(part) };
  return part.meta ? fitFields(fitted, ["meta"], MAX_PART_CONTENT_BYTES) : fitted;
}

/** A cut tool result says its full size in a field of its own, since its text may be parsed by a reader. */
function fitContent({ type, content }: Part): Part["content"] {
  const fitted = fit(content, MAX_PART_CONTENT_BYTES);
  if (type !== "tool-result" || !isObject(content) || !isObject(fitted)) return fitted;
  const before = textOf(content["output"]);
  return before === textOf(fitted["output"]) ? fitted : { ...fitted, truncated: { bytes: utf8Length(before) } };
}

/** Half a file in base64 is of no use: its bytes stay behind as a whole, as those of a large file do. */
function dropBytes(part: Part, maxBytes: number): Part {
  const { type, content } = part;
  if (type !== "file" || !isObject(content) || typeof content["data"] !== "string") return part;
  if (content["data"].length <= maxBytes) return part;
  const { data, ...rest } = content;
  return { ...part, content: rest, meta: { ...part.meta, cut: true } };
}

/** The value with its largest texts cut until it fits; what is large without large texts becomes a cut text itself. */
function fit(value: unknown, maxBytes: number): unknown {
  if (typeof value === "string") return cutText(value, maxBytes);
  if (typeof value !== "object" || value === null || isSurelyWithin(value, maxBytes)) return value;
  return cutToBudget(value, maxBytes + AROUND_TEXT_BYTES, maxBytes) ?? asCutTexts(value, maxBytes);
}

/** Each large member as the cut text of its JSON, so that ids and names beside it stay what they are. */
function asCutTexts(value: object, maxBytes: number): unknown {
  const json = JSON.stringify(value);
  if (Array.isArray(value)) return cutText(json, maxBytes);
  const share = Math.floor(maxBytes / 4);
  const members = Object.entries(value).map(([name, member]) => {
    return [name, jsonBytes(member) > share ? cutText(textOf(member), share) : member];
  });
  const object: unknown = Object.fromEntries(members);
  return jsonBytes(object) <= maxBytes + AROUND_TEXT_BYTES ? object : cutText(json, maxBytes);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
