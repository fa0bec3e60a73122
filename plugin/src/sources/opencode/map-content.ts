import type { Part } from "@opensync/client";
import { compact, countOf, type Data, dataOf, isData, isSame, omit, textOf, unlessEmpty } from "./json.ts";
import { mapFile } from "./map-file.ts";

/** Maps an attachment of a prompt of 2.x: `{uri | data, mime, name?, …}`. */
export function mapEntryFile(file: Data): Part {
  const mime = textOf(file["mime"]);
  const isInline = file["uri"] === undefined && typeof file["data"] === "string";
  const url = isInline ? `data:${mime ?? ""};base64,${file["data"]}` : file["uri"];
  const part = mapFile(compact({ mime, filename: file["name"], url }));
  return { ...part, meta: { ...part.meta, ...(isInline ? { inline: true } : {}), file: omit(file, "uri", "data") } };
}

/** Maps one piece of an answer of 2.x: a text, a thought, or a tool use with its result. */
export function mapContent(item: Data): Part[] {
  const id = textOf(item["id"]);
  const rest = unlessEmpty(omit(item, "type", "id", "text"));
  switch (item["type"]) {
    case "text":
      return [compact({ type: "text", id, content: textOf(item["text"]) ?? "", meta: rest })];
    case "reasoning":
      return [compact({ type: "thinking", id, content: textOf(item["text"]) ?? "", meta: rest })];
    case "tool":
      return mapUse(id ?? "", item);
    default:
      return [{ type: textOf(item["type"]) ?? "unknown", content: item, meta: { whole: true } }];
  }
}

function mapUse(id: string, item: Data): Part[] {
  const state = dataOf(item["state"]);
  const time = dataOf(item["time"]);
  const { status } = state;
  const call: Part = compact({
    type: "tool-call",
    id,
    content: compact({
      id,
      toolName: textOf(item["name"]) ?? "unknown",
      args: state["input"] ?? {},
      status: status === "completed" || status === "error" ? status : "running",
      startedAt: countOf(time["ran"]) ?? countOf(time["created"]),
      endedAt: countOf(time["completed"]),
    }),
    meta: compact({
      item: omit(item, "type", "id", "name", "state"),
      state: omit(state, "input", "content"),
      hasInput: "input" in state,
      output: outputKind(state["content"]),
    }),
  });
  if (status !== "completed" && status !== "error") return [call];
  const isError = status === "error" ? true : undefined;
  return [call, { type: "tool-result", content: compact({ id, output: outputOf(state), isError }) }];
}

/** How `state.content` became the output of the result: one text as a text, anything else as it is, or not at all. */
function outputKind(content: unknown): "text" | "list" | undefined {
  if (!Array.isArray(content)) return undefined;
  return isText(content) ? "text" : "list";
}

function outputOf(state: Data): unknown {
  const { content, error } = state;
  if (isText(content)) return content[0].text;
  if (Array.isArray(content) && content.length > 0) return content;
  return isData(error) ? (textOf(error["message"]) ?? "") : "";
}

function isText(content: unknown): content is [{ text: string }] {
  if (!Array.isArray(content) || content.length !== 1) return false;
  const text: unknown = dataOf(content[0])["text"];
  return typeof text === "string" && isSame(content[0], { type: "text", text });
}
