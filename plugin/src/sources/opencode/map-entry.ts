import type { Message, Part } from "@opensync/client";
import { compact, countOf, type Data, dataOf, isData, isSame, omit, parseJson, textOf } from "./json.ts";
import { mapContent, mapEntryFile, withoutLargeEntryBytes } from "./map-content.ts";
import { mapFigures } from "./map-figures.ts";
import { readableText, type StoredRow } from "./map-message.ts";
import { mapTokens } from "./map-tokens.ts";
import { restoreEntry } from "./restore-entry.ts";

/** A row of `session_message`: OpenCode 2.x keeps a message together with its parts. */
export type EntryRow = StoredRow & {
  /** `user`, `assistant`, `shell`, `compaction`, `model-switched`, … */
  readonly type: string;
};

const ROLES: Readonly<Record<string, Message["role"]>> = { user: "user", assistant: "assistant", shell: "tool" };

/**
 * Maps a row of `session_message` to the contract, without hash. `meta.entry` is the type of the row, `meta.data` what
 * is not in the parts. Lossless: where restoring would not give exactly the original, `meta.original` keeps it.
 */
export function mapEntry(sessionId: string, row: EntryRow): Message {
  const { type, id: externalId, updatedAtMs: updatedAt } = row;
  const data = parseJson(row.data);
  const base = { sessionExternalId: sessionId, externalId, role: ROLES[type] ?? ("system" as const), updatedAt };
  if (!isData(data)) {
    const unreadable = { entry: type, unreadable: row.data };
    return { ...base, role: "unknown", textContent: "", parts: [], createdAt: row.createdAtMs, meta: unreadable };
  }
  const { parts, rest } = split(type, data);
  const mapped: Message = {
    ...base,
    textContent: readableText(parts),
    parts,
    ...mapInfo(type, data, row.createdAtMs),
    meta: { entry: type, data: rest },
  };
  const original = comparable(data);
  return isSame(restoreEntry(mapped), { type, data: original })
    ? mapped
    : { ...mapped, meta: { entry: type, original } };
}

function mapInfo(type: string, data: Data, rowCreatedAtMs: number): Partial<Message> {
  const time = dataOf(data["time"]);
  if (type !== "assistant") return mapFigures({ time }, rowCreatedAtMs);
  const { id, providerID } = dataOf(data["model"]);
  const tokens = mapTokens(data["tokens"], "beside")?.tokens;
  const error = data["error"];
  return compact({
    ...mapFigures({ time, model: textOf(id), tokens, cost: data["cost"] }, rowCreatedAtMs),
    provider: textOf(providerID),
    agent: textOf(data["agent"]),
    error: isData(error)
      ? { name: textOf(error["type"]) ?? "Error", message: textOf(error["message"]) ?? "" }
      : undefined,
  });
}

function comparable(data: Data): Data {
  const { files } = data;
  if (!Array.isArray(files)) return data;
  return { ...data, files: files.map((file) => (isData(file) ? withoutLargeEntryBytes(file) : file)) };
}

/** The parts that a row is made of, and what remains of it. */
function split(type: string, data: Data): { parts: Part[]; rest: Data } {
  switch (type) {
    case "user": {
      const files = Array.isArray(data["files"]) ? data["files"].filter(isData) : [];
      const text: Part = { type: "text", content: textOf(data["text"]) ?? "" };
      return { parts: [text, ...files.map(mapEntryFile)], rest: omit(data, "text", "files") };
    }
    case "assistant": {
      const content = Array.isArray(data["content"]) ? data["content"].filter(isData) : [];
      return { parts: content.flatMap(mapContent), rest: omit(data, "content") };
    }
    case "shell":
      return { parts: mapShell(data), rest: omit(data, "command", "output") };
    case "compaction": {
      const content = compact({ summary: textOf(data["summary"]), auto: data["reason"] === "auto" });
      return { parts: [{ type, content }], rest: omit(data, "summary") };
    }
    case "synthetic":
    case "system":
    case "skill": {
      const text: Part = { type: "text", content: textOf(data["text"]) ?? "", meta: { synthetic: true } };
      return { parts: [text], rest: omit(data, "text") };
    }
    default:
      return { parts: [{ type, content: omit(data, "time") }], rest: compact({ time: data["time"] }) };
  }
}

/** A command that the person ran. */
function mapShell(data: Data): Part[] {
  const id = textOf(data["callID"]) ?? textOf(data["shellID"]) ?? "shell";
  const time = dataOf(data["time"]);
  const isRunning = time["completed"] === undefined;
  const call: Part = {
    type: "tool-call",
    content: compact({
      id,
      toolName: "shell",
      args: { command: data["command"] },
      status: isRunning ? "running" : "completed",
      startedAt: countOf(time["created"]),
      endedAt: countOf(time["completed"]),
    }),
  };
  return data["output"] === undefined
    ? [call]
    : [call, { type: "tool-result", content: { id, output: data["output"] } }];
}
