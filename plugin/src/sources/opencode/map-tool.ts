import type { Part } from "@opensync/client";
import { compact, countOf, type Data, dataOf, isData, omit, textOf, unlessEmpty } from "./json.ts";
import { mapFile, restoreFile } from "./map-file.ts";

/** Members of a tool's state that have a place of their own in call or result. */
const PLACED = ["status", "input", "title", "output", "error", "attachments", "metadata", "time"] as const;

/**
 * Maps one tool part: the call, then once it has ended its result with the same id, then its attachments.
 * @param id OpenCode's id of the part, given to the call
 */
export function mapTool(id: string | undefined, data: Data): Part[] {
  const callId = textOf(data["callID"]) ?? id ?? "";
  const state = dataOf(data["state"]);
  const attachments = Array.isArray(state["attachments"]) ? state["attachments"].filter(isData) : [];
  return [
    mapCall(id, callId, data, state),
    ...mapResult(callId, state),
    ...attachments.map((attachment) => {
      const part = mapFile(attachment);
      return { ...part, meta: { ...part.meta, attachmentOf: callId } };
    }),
  ];
}

function mapCall(id: string | undefined, callId: string, data: Data, state: Data): Part {
  const status = textOf(state["status"]) ?? "running";
  const time = dataOf(state["time"]);
  const kept = compact({
    ...omit(state, ...PLACED),
    status: status === "pending" ? status : undefined,
    time: unlessEmpty(omit(time, "start", "end")),
    ...keepMetadata(state),
  });
  return compact({
    type: "tool-call",
    id,
    content: compact({
      id: callId,
      toolName: textOf(data["tool"]) ?? "unknown",
      args: state["input"] ?? {},
      title: textOf(state["title"]),
      status: status === "completed" || status === "error" ? status : "running",
      startedAt: countOf(time["start"]),
      endedAt: countOf(time["end"]),
    }),
    meta: unlessEmpty(compact({ ...omit(data, "type", "tool", "callID", "state"), state: unlessEmpty(kept) })),
  });
}

function mapResult(callId: string, state: Data): Part[] {
  if (state["status"] === "completed" && state["output"] !== undefined) {
    return [{ type: "tool-result", content: { id: callId, output: state["output"] } }];
  }
  if (state["status"] === "error" && state["error"] !== undefined) {
    return [{ type: "tool-result", content: { id: callId, output: state["error"], isError: true } }];
  }
  return [];
}

/** A shell command has its output twice, as output and in the metadata: the second one is left out and marked. */
function keepMetadata(state: Data): Data {
  const metadata = state["metadata"];
  if (!isData(metadata)) return compact({ metadata });
  const isTwice = typeof metadata["output"] === "string" && metadata["output"] === state["output"];
  return isTwice ? { metadata: omit(metadata, "output"), outputInMetadata: true } : { metadata };
}

/**
 * Rebuilds OpenCode's tool part.
 * @param parts the call, and what followed it of the same call
 */
export function restoreTool(parts: readonly Part[]): Data {
  const [call, ...following] = parts;
  const content = dataOf(call?.content);
  const meta = dataOf(call?.meta);
  const kept = dataOf(meta["state"]);
  const result = dataOf(following.find((part) => part.type === "tool-result")?.content);
  const attachments = following.filter((part) => part.type === "file").map(restoreAttachment);
  const output = result["output"];
  const metadata = kept["outputInMetadata"] === true ? { ...dataOf(kept["metadata"]), output } : kept["metadata"];
  const state = compact({
    ...omit(kept, "outputInMetadata"),
    status: kept["status"] ?? content["status"],
    input: content["args"],
    title: content["title"],
    metadata,
    time: unlessEmpty(compact({ ...dataOf(kept["time"]), start: content["startedAt"], end: content["endedAt"] })),
    attachments: attachments.length > 0 ? attachments : undefined,
    ...(result["isError"] === true ? { error: output } : { output }),
  });
  return compact({ ...omit(meta, "state"), type: "tool", tool: content["toolName"], callID: content["id"], state });
}

function restoreAttachment(part: Part): Data {
  return restoreFile({ ...part, meta: omit(dataOf(part.meta), "attachmentOf") });
}
