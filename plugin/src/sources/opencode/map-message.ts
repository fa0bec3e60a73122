import { createHash } from "node:crypto";
import type { Message, Part, Tokens } from "@opensync/client";
import { compact, countOf, type Data, dataOf, isData, isSame, omit, parseJson, textOf, unlessEmpty } from "./json.ts";
import { mapPart } from "./map-part.ts";
import { restoreInfo } from "./restore.ts";

/** A row of `message` or `part`. */
export type StoredRow = {
  readonly id: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** JSON as OpenCode wrote it, without the ids. */
  readonly data: string;
};

/**
 * Maps one message with its parts to the contract, without hash. Lossless as `mapPart`, but for the provider's raw
 * answer in errors, which is left out: it holds headers and bodies of somebody else's service.
 * A row that is no JSON becomes a message of role `unknown` with its text in `meta.unreadable`.
 * @param partRows in OpenCode's order, which is by id
 */
export function mapMessage(sessionId: string, row: StoredRow, partRows: readonly StoredRow[]): Message {
  const parsed = parseJson(row.data);
  const info = isData(parsed) ? scrubError(parsed) : undefined;
  const role = roleOf(info?.["role"]);
  const parts = partRows.flatMap((part) => mapPartRow(part, role));
  const base = {
    sessionExternalId: sessionId,
    externalId: row.id,
    role,
    textContent: readableText(parts),
    parts,
    updatedAt: Math.max(row.updatedAtMs, ...partRows.map((part) => part.updatedAtMs)),
  };
  if (info === undefined) return { ...base, createdAt: row.createdAtMs, meta: { unreadable: row.data } };
  const mapped = { ...base, ...mapInfo(info, row.createdAtMs) };
  return isSame(restoreInfo(mapped), info) ? mapped : { ...mapped, meta: { original: info } };
}

function mapPartRow(row: StoredRow, role: string): Part[] {
  const data = parseJson(row.data);
  if (!isData(data)) return [{ type: "unreadable", id: row.id, content: row.data }];
  return mapPart({ id: row.id, data: scrubError(data) }, role);
}

/** The fields of a message that do not come from its parts. */
function mapInfo(info: Data, rowCreatedAtMs: number): Omit<Message, "sessionExternalId" | "externalId"> {
  const time = dataOf(info["time"]);
  const createdAt = countOf(time["created"]) ?? rowCreatedAtMs;
  const completed = countOf(time["completed"]);
  const durationMs = completed === undefined || completed < createdAt ? undefined : completed - createdAt;
  const userModel = dataOf(info["model"]);
  const isUser = info["role"] === "user";
  const model = textOf(isUser ? userModel["modelID"] : info["modelID"]);
  const provider = textOf(isUser ? userModel["providerID"] : info["providerID"]);
  const tokens = mapTokens(info["tokens"]);
  const cost = reportedCost(info["cost"]);
  return compact({
    model,
    provider,
    agent: textOf(info["agent"]),
    responseId: responseIdOf(createdAt, model, tokens, cost),
    tokens,
    cost,
    costSource: cost === undefined ? undefined : ("reported" as const),
    durationMs,
    createdAt,
    error: mapError(info["error"]),
    meta: unlessEmpty(
      compact({
        ...omit(info, "role", "agent", "modelID", "providerID", "model", "tokens", "cost", "error", "time"),
        time: unlessEmpty(omit(time, "created", "completed")),
        model: isUser ? unlessEmpty(omit(userModel, "modelID", "providerID")) : info["model"],
        tokens: tokens === undefined ? info["tokens"] : unlessEmpty(omit(dataOf(info["tokens"]), ...TOKEN_MEMBERS)),
        cost: cost === undefined ? info["cost"] : undefined,
        error: restOfError(info["error"]),
      }),
    ),
  });
}

const TOKEN_MEMBERS = ["input", "output", "reasoning", "cache"] as const;

/** OpenCode counts input without cache and output without reasoning; the contract's output includes reasoning. */
function mapTokens(value: unknown): Tokens | undefined {
  if (!isData(value)) return undefined;
  const cache = dataOf(value["cache"]);
  const input = countOf(value["input"]);
  const output = countOf(value["output"]);
  const reasoning = countOf(value["reasoning"]) ?? 0;
  if (input === undefined || output === undefined) return undefined;
  const cacheRead = countOf(cache["read"]) ?? 0;
  const cacheWrite = countOf(cache["write"]) ?? 0;
  return { input, cacheRead, cacheWrite, output: output + reasoning, reasoning };
}

/** OpenCode writes 0 for a subscription and for a model that it has no price of: that reports nothing. */
export function reportedCost(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}

/** A fork copies messages under new ids; their time, model, tokens and cost stay, and a response is paid once. */
function responseIdOf(
  createdAt: number,
  model: string | undefined,
  tokens: Tokens | undefined,
  cost: number | undefined,
): string | undefined {
  if (tokens === undefined || Object.values(tokens).every((count) => count === 0)) return undefined;
  const { input, cacheRead, cacheWrite, output, reasoning } = tokens;
  const identity = [createdAt, model ?? "", input, cacheRead, cacheWrite, output, reasoning, cost ?? 0];
  return `opencode:${createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32)}`;
}

function mapError(value: unknown): Message["error"] {
  if (!isData(value)) return undefined;
  return { name: textOf(value["name"]) ?? "Error", message: textOf(dataOf(value["data"])["message"]) ?? "" };
}

function restOfError(value: unknown): unknown {
  if (!isData(value)) return value;
  return unlessEmpty(
    compact({ ...omit(value, "name", "data"), data: unlessEmpty(omit(dataOf(value["data"]), "message")) }),
  );
}

/** Drops what a provider answered word for word: it may hold account data of that service. */
function scrubError(info: Data): Data {
  const error = info["error"];
  if (!isData(error) || !isData(error["data"])) return info;
  return { ...info, error: { ...error, data: omit(error["data"], "responseHeaders", "responseBody") } };
}

function roleOf(value: unknown): "user" | "assistant" | "system" | "tool" | "unknown" {
  return value === "user" || value === "assistant" || value === "system" || value === "tool" ? value : "unknown";
}

/** What a person would read: text that somebody wrote, without what OpenCode put in or marked as ignored. */
function readableText(parts: readonly Part[]): string {
  return parts
    .filter((part) => part.type === "text" && part.meta?.["synthetic"] !== true && part.meta?.["ignored"] !== true)
    .map((part) => (typeof part.content === "string" ? part.content : ""))
    .filter((text) => text !== "")
    .join("\n\n");
}
