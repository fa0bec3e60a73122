import type { Message, Part } from "@opensync/client";
import { compact, type Data, dataOf, isData, omit, textOf, unlessEmpty } from "./json.ts";
import { restoreFile } from "./map-file.ts";
import { restoreTokens } from "./map-tokens.ts";
import { restoreTool } from "./map-tool.ts";
import { quotePrompt } from "./quoted-prompt.ts";

/** One part as OpenCode stores it; an attachment of a tool call has no id of its own. */
export type RestoredPart = { readonly id: string | undefined; readonly data: Data };

/** A message as `opencode export` writes it, without the ids of its session. */
export type RestoredMessage = { readonly info: Data; readonly parts: RestoredPart[] };

/** Rebuilds a message of OpenCode from its mapped form. Masked secrets and cut bytes stay masked and cut. */
export function restoreMessage(message: Message): RestoredMessage {
  return { info: restoreInfo(message), parts: groupByOrigin(message.parts ?? []).map(restorePart) };
}

/** Rebuilds what OpenCode stores about a message beside its parts. */
export function restoreInfo(message: Message): Data {
  const meta = message.meta ?? {};
  if (isData(meta["original"])) return meta["original"];
  const { role, agent, createdAt = 0, durationMs, model, provider } = message;
  const completed = durationMs === undefined ? undefined : createdAt + durationMs;
  const names = { providerID: provider, modelID: model };
  const isUser = role === "user";
  return compact({
    ...meta,
    role,
    agent,
    time: { ...dataOf(meta["time"]), ...compact({ created: createdAt, completed }) },
    ...(isUser ? { model: unlessEmpty(compact({ ...dataOf(meta["model"]), ...names })) } : names),
    tokens: restoreTokens(message.tokens, dataOf(meta["tokens"])),
    cost: message.cost ?? meta["cost"],
    error: restoreError(message, dataOf(meta["error"])),
  });
}

function restoreError({ error }: Message, rest: Data): Data | undefined {
  if (error === undefined) return undefined;
  return { ...omit(rest, "data"), name: error.name, data: { ...dataOf(rest["data"]), message: error.message } };
}

/**
 * Rebuilds one part of OpenCode.
 * @param parts what was made of it: one part, or a tool call with its result and attachments
 */
export function restorePart(parts: readonly Part[]): RestoredPart {
  const [first] = parts;
  const id = first?.id ?? undefined;
  const original = first?.meta?.["original"];
  return { id, data: isData(original) ? original : restoreByType(parts) };
}

function restoreByType(parts: readonly Part[]): Data {
  const [part] = parts;
  if (part === undefined) return {};
  const meta = part.meta ?? {};
  switch (part.type) {
    case "text":
      return { ...omit(meta, "quoted"), type: "text", text: restoreText(part) };
    case "thinking":
      return { ...meta, type: "reasoning", text: part.content };
    case "tool-call":
      return restoreTool(parts);
    case "file":
      return restoreFile(part);
    default:
      return { ...meta, ...dataOf(part.content), type: part.type };
  }
}

function restoreText(part: Part): unknown {
  const quoted = part.meta?.["quoted"];
  if (!isData(quoted) || typeof part.content !== "string") return part.content;
  return quotePrompt({ text: part.content, after: textOf(quoted["after"]) ?? "" });
}

/** A call takes what follows it and names its id; every other part stands alone. */
function groupByOrigin(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last !== undefined && belongsTo(part, last[0])) last.push(part);
    else groups.push([part]);
  }
  return groups;
}

function belongsTo(part: Part, call: Part | undefined): boolean {
  if (call?.type !== "tool-call") return false;
  const callId = dataOf(call.content)["id"];
  if (part.type === "tool-result") return dataOf(part.content)["id"] === callId;
  return part.type === "file" && part.meta?.["attachmentOf"] === callId;
}
