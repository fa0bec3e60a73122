import { createHash } from "node:crypto";
import type { Message } from "../contract/message.ts";
import type { Session } from "../contract/session.ts";
import { canonicalJson } from "./canonical-json.ts";

/** The fields that a message's hash covers. Observed and redacted fields are not among them: they differ by sender. */
const MESSAGE_FIELDS = [
  "externalId",
  "role",
  "textContent",
  "parts",
  "model",
  "provider",
  "agent",
  "responseId",
  "serviceTier",
  "tokens",
  "durationMs",
  "createdAt",
  "error",
  "meta",
] as const satisfies readonly (keyof Message)[];

/** The fields that a session's hash covers. */
const SESSION_FIELDS = [
  "externalId",
  "source",
  "title",
  "projectPath",
  "projectName",
  "agentVersion",
  "model",
  "provider",
  "parentExternalId",
  "forkedFrom",
  "tokens",
  "durationMs",
  "createdAt",
  "archivedAt",
  "todos",
  "meta",
] as const satisfies readonly (keyof Session)[];

/**
 * Hash of a message's content, for its `hash` field. Take it of the mapped message *before* redaction, so that
 * machines which know different secrets agree. `hash`, `redacted`, `updatedAt`, `removedAt` and a cost that is not
 * reported do not count.
 * @returns an integer 1 … 2^40−1
 * @throws TypeError when a field is not JSON data, with its place
 */
export function messageHash(message: Message): number {
  return hashOf({ ...pick(message, MESSAGE_FIELDS), ...reportedCost(message) });
}

/**
 * Hash of a session's own fields (not of its messages), for its `hash` field. As `messageHash`.
 * @returns an integer 1 … 2^40−1
 * @throws TypeError when a field is not JSON data, with its place
 */
export function sessionHash(session: Session): number {
  return hashOf({ ...pick(session, SESSION_FIELDS), ...reportedCost(session) });
}

/**
 * The first ten hex digits of SHA-256 over the canonical JSON, as an integer: 40 bits, exact in a JavaScript number.
 * 0 becomes 1, because a stored 0 says "no hash".
 */
function hashOf(fields: Readonly<Record<string, unknown>>): number {
  return hashFromHex(createHash("sha256").update(canonicalJson(fields)).digest("hex"));
}

/** @param hex at least ten hex digits. @returns 1 … 2^40−1. */
export function hashFromHex(hex: string): number {
  return Number.parseInt(hex.slice(0, 10), 16) || 1;
}

function pick<Item extends object>(item: Item, names: readonly (keyof Item)[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) if (item[name] !== undefined) picked[String(name)] = item[name];
  return picked;
}

/** Any other cost is a matter of price tables: it may change without the item changing. */
function reportedCost({ cost, costSource }: Pick<Message, "cost" | "costSource">): object {
  return costSource === "reported" ? { cost, costSource } : {};
}
