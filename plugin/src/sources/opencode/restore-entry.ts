import type { Message, Part } from "@opensync/client";
import { type Data, dataOf, isData, textOf } from "./json.ts";
import { restoreEntryFile } from "./map-content.ts";

/** A row of `session_message` without its ids and times. */
export type RestoredEntry = { readonly type: string; readonly data: Data };

/** Rebuilds what OpenCode 2.x stores about a message. Masked secrets and cut bytes stay masked and cut. */
export function restoreEntry({ meta, parts }: Message): RestoredEntry {
  const type = textOf(meta?.["entry"]) ?? "unknown";
  if (isData(meta?.["original"])) return { type, data: meta["original"] };
  return { type, data: { ...dataOf(meta?.["data"]), ...restoreFrom(type, parts ?? []) } };
}

function restoreFrom(type: string, parts: readonly Part[]): Data {
  const [first, second] = parts;
  const content = dataOf(first?.content);
  switch (type) {
    case "user": {
      const files = parts.slice(1).map(restoreEntryFile);
      return { text: first?.content, ...(files.length > 0 ? { files } : {}) };
    }
    case "assistant":
      return { content: restoreContent(parts) };
    case "shell": {
      const output = dataOf(second?.content)["output"];
      return { ...dataOf(content["args"]), ...(second === undefined ? {} : { output }) };
    }
    case "compaction":
      return "summary" in content ? { summary: content["summary"] } : {};
    case "synthetic":
    case "system":
    case "skill":
      return { text: first?.content };
    default:
      return content;
  }
}

/** A result was a part of its call. */
function restoreContent(parts: readonly Part[]): Data[] {
  const calls = parts.filter((part) => part.type !== "tool-result");
  return calls.map((part) => {
    const id = part.id == null ? {} : { id: part.id };
    if (part.meta?.["whole"] === true) return dataOf(part.content);
    if (part.type === "text") return { ...part.meta, ...id, type: "text", text: part.content };
    if (part.type === "thinking") return { ...part.meta, ...id, type: "reasoning", text: part.content };
    const result = parts.find((each) => each.type === "tool-result" && dataOf(each.content)["id"] === part.id);
    return restoreUse(part, dataOf(result?.content));
  });
}

function restoreUse(call: Part, result: Data): Data {
  const { toolName, args } = dataOf(call.content);
  const { item, state, hasInput, output } = dataOf(call.meta);
  const content = output === "text" ? [{ type: "text", text: result["output"] }] : (result["output"] ?? []);
  return {
    ...dataOf(item),
    type: "tool",
    id: call.id,
    name: toolName,
    state: {
      ...dataOf(state),
      ...(hasInput === true ? { input: args } : {}),
      ...(output === undefined ? {} : { content: output === "list" && !Array.isArray(content) ? [] : content }),
    },
  };
}
