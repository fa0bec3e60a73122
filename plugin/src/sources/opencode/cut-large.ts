import { createHash } from "node:crypto";
import { isData } from "./json.ts";

/** Largest member of a record that travels, characters of JSON. */
const MAX_MEMBER_CHARS = 256 * 1024;

/** Members that stay when the rest is cut, such as the id that a revert points to, characters. */
const MAX_KEPT_CHARS = 256;

/**
 * Replaces a member that is too large to be sent with every change of what it belongs to, such as the diff of a revert
 * over many files: its size and hash stay, and those of its members that are short.
 * @returns the value itself up to 256 kB
 */
export function cutLarge(value: unknown): unknown {
  const json = JSON.stringify(value) ?? "";
  if (json.length <= MAX_MEMBER_CHARS) return value;
  const sha256 = createHash("sha256").update(json).digest("hex");
  const cut = { cut: true, bytes: Buffer.byteLength(json), sha256 };
  if (!isData(value)) return cut;
  const short = Object.entries(value).filter(([, member]) => (JSON.stringify(member) ?? "").length <= MAX_KEPT_CHARS);
  return { ...Object.fromEntries(short), ...cut };
}
