import type { Part } from "@opensync/client";
import { compact, countOf, type Data, dataOf, isData, isSame, omit, textOf, unlessEmpty } from "./json.ts";
import { mapFile, restoreFile } from "./map-file.ts";

/** Where an attachment of 2.x has its bytes or its address. */
type Place = "uri" | "data" | "source" | "none";

function placeOf(file: Data): Place {
  if (typeof file["uri"] === "string") return "uri";
  if (typeof file["data"] === "string") return "data";
  return textOf(dataOf(file["source"])["uri"]) === undefined ? "none" : "source";
}

/** Maps an attachment of a prompt of 2.x: `{uri | data | source: {uri}, mime, name?, …}`. */
export function mapEntryFile(file: Data): Part {
  const mime = textOf(file["mime"]);
  const place = placeOf(file);
  const url = {
    uri: file["uri"],
    data: `data:${mime ?? ""};base64,${file["data"]}`,
    source: dataOf(file["source"])["uri"],
    none: undefined,
  }[place];
  const part = mapFile(compact({ mime, filename: file["name"], url }));
  return { ...part, meta: { ...part.meta, place, file: omit(file, "uri", "data") } };
}

/** The attachment as it was; a cut one comes back with empty bytes. */
export function restoreEntryFile(part: Part): Data {
  const { place, file } = dataOf(part.meta);
  const { url } = restoreFile({ ...part, meta: omit(dataOf(part.meta), "file", "place") });
  const bytes = place === "data" ? { data: String(url).replace(/^data:[^,]*,/, "") } : {};
  return { ...dataOf(file), ...(place === "uri" ? { uri: url } : bytes) };
}

/** The attachment without bytes that are too large to travel: what restoring can give back. */
export function withoutLargeEntryBytes(file: Data): Data {
  const place = placeOf(file);
  const isCut = mapEntryFile(file).meta?.["cut"] === true;
  return isCut && place !== "source" ? { ...file, [place]: "" } : file;
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
