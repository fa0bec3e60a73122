import type { Part } from "@opensync/client";
import { compact, type Data, dataOf, isSame, omit, textOf } from "./json.ts";
import { mapFile, withoutLargeBytes } from "./map-file.ts";
import { mapTool } from "./map-tool.ts";
import { unquotePrompt } from "./quoted-prompt.ts";
import { restorePart } from "./restore.ts";

/** One part as OpenCode stores it. */
export type OpenCodePart = { readonly id: string; readonly data: Data };

/**
 * Maps one part of OpenCode to the contract: one part, or a call, its result and its attachments for a tool.
 * Lossless: what the contract has no place for goes to `meta`; where restoring would not give exactly the original
 * (bytes that are too large aside), the original itself is kept in `meta.original`.
 * @param role of the message; only a user's text can be a quoted prompt
 */
export function mapPart({ id, data }: OpenCodePart, role: string): Part[] {
  const [first, ...following] = mapByType(id, data, role);
  if (first === undefined) return [];
  const mapped = [first, ...following];
  if (isSame(restorePart(mapped).data, comparable(data))) return mapped;
  return [{ ...first, meta: { original: comparable(data) } }, ...following];
}

function mapByType(id: string, data: Data, role: string): Part[] {
  switch (data["type"]) {
    case "text":
      return [mapText(id, data, role)];
    case "reasoning":
      return [part(id, "thinking", textOf(data["text"]) ?? "", omit(data, "type", "text"))];
    case "tool":
      return mapTool(id, data);
    case "file":
      return [{ id, ...mapFile(data) }];
    case "patch":
      return [part(id, "patch", { files: data["files"] ?? [] }, omit(data, "type", "files"))];
    case "subtask":
      return [split(id, data, ["prompt", "description", "agent"])];
    case "compaction":
      return [split(id, data, ["auto"])];
    default:
      return [part(id, textOf(data["type"]) ?? "unknown", omit(data, "type"), {})];
  }
}

function mapText(id: string, data: Data, role: string): Part {
  const text = textOf(data["text"]) ?? "";
  const rest = omit(data, "type", "text");
  const unquoted = role === "user" && data["synthetic"] !== true ? unquotePrompt(text) : undefined;
  if (unquoted === undefined) return part(id, "text", text, rest);
  return part(id, "text", unquoted.text, { ...rest, quoted: { after: unquoted.after } });
}

/** A part whose content takes the named members and whose meta takes the others. */
function split(id: string, data: Data, names: readonly string[]): Part {
  const content = compact(Object.fromEntries(names.map((name) => [name, data[name]])));
  return part(id, textOf(data["type"]) ?? "unknown", content, omit(data, "type", ...names));
}

function part(id: string, type: string, content: Part["content"], meta: Data): Part {
  return Object.keys(meta).length > 0 ? { type, id, content, meta } : { type, id, content };
}

function comparable(data: Data): Data {
  if (data["type"] === "file") return withoutLargeBytes(data);
  const state = dataOf(data["state"]);
  if (data["type"] !== "tool" || !Array.isArray(state["attachments"])) return data;
  const attachments = state["attachments"].map((attachment) => withoutLargeBytes(dataOf(attachment)));
  return { ...data, state: { ...state, attachments } };
}
