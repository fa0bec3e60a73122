import type { Message, Part } from "@opensync/client";
import { cutLarge } from "./cut-large.ts";
import { compact, type Data, dataOf, isData, isSame, omit, parseJson, textOf, unlessEmpty } from "./json.ts";
import { mapFigures } from "./map-figures.ts";
import { mapPart } from "./map-part.ts";
import { mapTokens } from "./map-tokens.ts";
import { restoreInfo } from "./restore.ts";

/** A row of `message`, `part` or `session_message`. */
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
  const info = isData(parsed) ? cutSummary(scrubError(parsed)) : undefined;
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
  const userModel = dataOf(info["model"]);
  const isUser = info["role"] === "user";
  const model = textOf(isUser ? userModel["modelID"] : info["modelID"]);
  const provider = textOf(isUser ? userModel["providerID"] : info["providerID"]);
  const { tokens, rest: tokensRest } = mapTokens(info["tokens"]) ?? {};
  const figures = mapFigures({ time, model, tokens, cost: info["cost"] }, rowCreatedAtMs);
  return compact({
    ...figures,
    provider,
    agent: textOf(info["agent"]),
    error: mapError(info["error"]),
    meta: unlessEmpty(
      compact({
        ...omit(info, "role", "agent", "modelID", "providerID", "model", "tokens", "cost", "error", "time"),
        time: unlessEmpty(omit(time, "created", "completed")),
        model: isUser ? unlessEmpty(omit(userModel, "modelID", "providerID")) : info["model"],
        tokens: tokens === undefined ? info["tokens"] : tokensRest,
        cost: figures.cost === undefined ? info["cost"] : undefined,
        error: restOfError(info["error"]),
      }),
    ),
  });
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

/** The diffs of a turn can hold the files that it changed, whole, before and after. */
function cutSummary(info: Data): Data {
  return "summary" in info ? { ...info, summary: cutLarge(info["summary"]) } : info;
}

function roleOf(value: unknown): "user" | "assistant" | "system" | "tool" | "unknown" {
  return value === "user" || value === "assistant" || value === "system" || value === "tool" ? value : "unknown";
}

/** What a person would read: text that somebody wrote, without what OpenCode put in or marked as ignored. */
export function readableText(parts: readonly Part[]): string {
  return parts
    .filter((part) => part.type === "text" && part.meta?.["synthetic"] !== true && part.meta?.["ignored"] !== true)
    .map((part) => (typeof part.content === "string" ? part.content : ""))
    .filter((text) => text !== "")
    .join("\n\n");
}
