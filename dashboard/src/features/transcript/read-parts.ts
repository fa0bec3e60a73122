import * as z from "zod/mini";
import { type FileContent, fileContent, patchContent, subtaskContent } from "./part-contents.ts";
import { type ToolCall, type ToolResult, toToolCall, toToolResult } from "./tool-parts.ts";

/** A piece of a message, ready to be shown. */
export type Block =
  | { readonly kind: "text"; readonly text: string; readonly isSynthetic: boolean }
  | { readonly kind: "thinking"; readonly text: string }
  /** A tool use. The result is missing while it runs, the call when it came in another message. */
  | { readonly kind: "tool"; readonly call: ToolCall | undefined; readonly result: ToolResult | undefined }
  | { readonly kind: "file"; readonly file: FileContent }
  | { readonly kind: "patch"; readonly files: readonly string[]; readonly diff: string }
  | { readonly kind: "subtask"; readonly title: string; readonly prompt: string; readonly sessionExternalId: string }
  | { readonly kind: "compaction"; readonly summary: string }
  /** What we have no view for: its type and content as they are. */
  | DataBlock;

/** A part as it is. */
export interface DataBlock {
  readonly kind: "data";
  readonly type: string;
  readonly content: unknown;
}

const partsSchema = z.array(
  z.object({
    type: z.string(),
    content: z.optional(z.unknown()),
    meta: z.optional(z.catch(z.nullable(z.object({ synthetic: z.optional(z.unknown()) })), null)),
  }),
);
type StoredPart = z.infer<typeof partsSchema>[number];

/**
 * Turns the parts of a message into blocks, in their order. It understands the shapes of all clients, old ones
 * included. A result joins its call, by id, or else the last call that has none. A message without anything to show in
 * its parts shows its text.
 * @param parts as stored; anything that is no list of parts counts as none
 */
export function readBlocks(parts: unknown, textContent: string): Block[] {
  const stored = partsSchema.safeParse(parts);
  const blocks: Block[] = [];
  for (const part of stored.success ? stored.data : []) addPart(blocks, part);
  const isShown = blocks.some((block) => block.kind !== "data");
  if (isShown || textContent.trim() === "") return blocks;
  return [{ kind: "text", text: textContent, isSynthetic: false }, ...blocks];
}

function addPart(blocks: Block[], part: StoredPart): void {
  switch (part.type) {
    case "tool-call":
    case "tool_use":
      blocks.push(toToolBlock(part.content));
      return;
    case "tool-result":
    case "tool_result":
      addResult(blocks, toToolResult(part.content));
      return;
    default: {
      const block = toBlock(part);
      // Agents store empty texts between steps: an empty bubble says nothing.
      if ((block.kind === "text" || block.kind === "thinking") && block.text.trim() === "") return;
      blocks.push(block);
    }
  }
}

function toBlock({ type, content, meta }: StoredPart): Block {
  const data: Block = { kind: "data", type, content };
  switch (type) {
    case "text": {
      const text = textOf(content);
      return text === undefined ? data : { kind: "text", text, isSynthetic: meta?.synthetic === true };
    }
    case "thinking":
    case "reasoning": {
      const text = textOf(content);
      return text === undefined ? data : { kind: "thinking", text };
    }
    case "file": {
      const file = fileContent(content);
      return file === undefined ? data : { kind: "file", file };
    }
    case "patch": {
      const patch = patchContent(content);
      return patch === undefined ? data : { kind: "patch", ...patch };
    }
    case "subtask": {
      const subtask = subtaskContent(content);
      return subtask === undefined ? data : { kind: "subtask", ...subtask };
    }
    case "compaction":
      return { kind: "compaction", summary: compactionSchema.parse(content)?.summary ?? "" };
    default:
      return data;
  }
}

const compactionSchema = z.catch(z.nullable(z.object({ summary: z.optional(z.string()) })), null);

const textSchema = z.union([
  z.string(),
  z.pipe(
    z.object({ text: z.string() }),
    z.transform(({ text }) => text),
  ),
  z.pipe(
    z.object({ content: z.string() }),
    z.transform(({ content }) => content),
  ),
]);

function textOf(content: unknown): string | undefined {
  const text = textSchema.safeParse(content);
  return text.success ? text.data : undefined;
}

function toToolBlock(content: unknown): Block {
  const { call, result } = toToolCall(content);
  return { kind: "tool", call, result };
}

function addResult(blocks: Block[], result: ToolResult): void {
  const isWaiting = (block: Block) => block.kind === "tool" && block.result === undefined;
  const sameId = blocks.findLastIndex(
    (block) => isWaiting(block) && block.kind === "tool" && result.id !== "" && block.call?.id === result.id,
  );
  // Old clients sent no ids: a result then follows its call.
  const index = sameId >= 0 || result.id !== "" ? sameId : blocks.findLastIndex(isWaiting);
  const before = blocks[index];
  if (before?.kind === "tool") blocks[index] = { ...before, result };
  else blocks.push({ kind: "tool", call: undefined, result });
}
