import {
  MAX_CONTENT_DEPTH,
  MAX_PART_CONTENT_BYTES,
  type Message,
  PART_CONTENT_HEAD_BYTES,
  PART_CONTENT_TAIL_BYTES,
  type Part,
  utf8Length,
} from "@opensync/client";

/**
 * Makes a message fit the wire: a text above 1 MiB keeps its beginning and end with a line between them that says how
 * much was cut; what is nested deeper than the server's database allows travels as text.
 */
export function fitMessage(message: Message): Message {
  const { parts, meta } = message;
  if (parts === undefined && meta === undefined) return message;
  return {
    ...message,
    ...(parts === undefined ? {} : { parts: parts.map(fitPart) }),
    ...(meta === undefined ? {} : { meta: fitMembers(meta) }),
  };
}

function fitPart(part: Part): Part {
  const fitted: Part = { ...part, content: fitContent(part) };
  return part.meta ? { ...fitted, meta: fitMembers(part.meta) } : fitted;
}

/** A cut tool result says its full size in a field of its own, since its text may be parsed by a reader. */
function fitContent({ type, content }: Part): Part["content"] {
  const output = type === "tool-result" && isObject(content) ? content["output"] : undefined;
  const bytes = typeof output === "string" ? utf8Length(output) : 0;
  const fitted = fit(content, 0);
  return bytes > MAX_PART_CONTENT_BYTES && isObject(fitted) ? { ...fitted, truncated: { bytes } } : fitted;
}

function fitMembers(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, fit(member, 1)]));
}

function fit(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cutText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_CONTENT_DEPTH) return cutText(JSON.stringify(value));
  if (Array.isArray(value)) return value.map((item) => fit(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fit(member, depth + 1)]));
}

function cutText(text: string): string {
  // A text is at most three bytes a character: only long ones need to be encoded to be measured.
  if (text.length * 3 <= MAX_PART_CONTENT_BYTES) return text;
  const bytes = Buffer.from(text, "utf8");
  if (bytes.byteLength <= MAX_PART_CONTENT_BYTES) return text;
  const head = decodeWhole(bytes.subarray(0, PART_CONTENT_HEAD_BYTES));
  const tail = decodeWhole(bytes.subarray(bytes.byteLength - PART_CONTENT_TAIL_BYTES));
  const cutBytes = bytes.byteLength - PART_CONTENT_HEAD_BYTES - PART_CONTENT_TAIL_BYTES;
  return `${head}\n[… ${cutBytes} bytes cut …]\n${tail}`;
}

/** The text of a piece of UTF-8 without the halves of characters at its ends. */
function decodeWhole(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/^\uFFFD+|\uFFFD+$/g, "");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
