import type { Message } from "./contract/message.ts";
import type { Part } from "./contract/part.ts";
import type { Session } from "./contract/session.ts";
import type { Tokens } from "./contract/tokens.ts";

/**
 * What a v1 server (upstream on Convex) understands. It is reached through the single endpoints only: its batch
 * endpoint refuses a whole list for one key that it does not know, has no place for times, and on repetition deletes
 * the parts of a message without storing the new ones.
 */

/** Body of v1's `POST /sync/session`. Nothing in it is ever null. */
export interface V1Session {
  readonly externalId: string;
  readonly title?: string;
  readonly projectPath?: string;
  readonly projectName?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly source?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly cost?: number;
  readonly durationMs?: number;
  readonly createdAt?: number;
}

/** Body of v1's `POST /sync/message`. A part has exactly these two members. */
export interface V1Message {
  readonly sessionExternalId: string;
  readonly externalId: string;
  readonly role: string;
  readonly textContent?: string;
  readonly model?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly durationMs?: number;
  readonly source?: string;
  readonly parts?: readonly { readonly type: string; readonly content: unknown }[];
  readonly createdAt?: number;
}

/** The fields of a session that v1 has a place for. An unknown cost is left out: v1 would store a sent 0 as the cost. */
export function toV1Session(session: Session): V1Session {
  const isCostKnown = session.costSource !== "unknown" && session.cost !== undefined && session.cost > 0;
  return {
    ...present(session, ["externalId", "title", "projectPath", "projectName", "model", "provider", "source"]),
    ...totals(session),
    ...(isCostKnown ? present(session, ["cost"]) : {}),
    ...present(session, ["durationMs", "createdAt"]),
    externalId: session.externalId,
  };
}

/** The fields of a message that v1 has a place for. Its role is required there: absent becomes `unknown`. */
export function toV1Message(message: Message): V1Message {
  return {
    ...present(message, ["textContent", "model", "durationMs", "source", "createdAt"]),
    ...totals(message),
    ...(message.parts === undefined ? {} : { parts: message.parts.map(toV1Part) }),
    sessionExternalId: message.sessionExternalId,
    externalId: message.externalId,
    role: message.role ?? "unknown",
  };
}

/** The token split is newer than v1; its two sums are what v1 knows. */
function totals({
  tokens,
  promptTokens,
  completionTokens,
}: Pick<Message, "tokens" | "promptTokens" | "completionTokens">) {
  if (tokens !== undefined) return sums(tokens);
  return present({ promptTokens, completionTokens }, ["promptTokens", "completionTokens"]);
}

/** @returns all input, cache included, and all output, reasoning included. */
function sums({ input = 0, cacheRead = 0, cacheWrite = 0, output = 0 }: Tokens) {
  return { promptTokens: input + cacheRead + cacheWrite, completionTokens: output };
}

/** A content that Convex would refuse, and the whole message with it, goes as JSON text: readable, and nothing lost. */
function toV1Part({ type, content }: Part): { readonly type: string; readonly content: unknown } {
  return { type, content: isConvexValue(content) ? content : JSON.stringify(content) };
}

/** Object keys that Convex takes: ASCII without control characters, not starting with `$`, 1 … 1024 characters. */
const CONVEX_KEY = /^(?!\$)[\x20-\x7e]{1,1024}$/;

/** Deepest nesting of a Convex value. @source Convex documentation, "Limits", 2026-11 */
const MAX_CONVEX_DEPTH = 64;

function isConvexValue(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth >= MAX_CONVEX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isConvexValue(item, depth + 1));
  return Object.entries(value).every(([key, member]) => CONVEX_KEY.test(key) && isConvexValue(member, depth + 1));
}

/** The named members that are there, and only these. */
function present<Item extends object, Name extends keyof Item>(
  item: Item,
  names: readonly Name[],
): { [Key in Name]?: Exclude<Item[Key], undefined> } {
  const picked: { [Key in Name]?: Exclude<Item[Key], undefined> } = {};
  for (const name of names) {
    const value = item[name];
    if (isPresent(value)) picked[name] = value;
  }
  return picked;
}

function isPresent<Value>(value: Value): value is Exclude<Value, undefined> {
  return value !== undefined;
}
