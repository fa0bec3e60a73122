import type { Message, MessageError, Part, Session, Todo } from "@opensync/client";

/**
 * What a field holds: something that was said or done and may hold a secret, bytes in base64, or structure (ids, paths,
 * names, times, hashes), which is never touched. Of an object that is named member by member, others are content.
 */
export type FieldRule = "content" | "base64" | "structure" | { readonly [member: string]: FieldRule };

/** A rule for every field: a new one in the contract does not compile before somebody has decided about it. */
type RulesOf<Item> = { readonly [Field in keyof Required<Item>]: FieldRule };

const TODO_RULES = { content: "content", status: "structure", priority: "structure" } satisfies RulesOf<Todo>;

/** Fields of a session. */
export const SESSION_RULES = {
  externalId: "structure",
  source: "structure",
  title: "content",
  projectPath: "structure",
  projectName: "structure",
  gitRemote: "structure",
  gitBranch: "structure",
  gitCommit: "structure",
  device: "structure",
  agentVersion: "structure",
  model: "structure",
  provider: "structure",
  parentExternalId: "structure",
  forkedFrom: "structure",
  promptTokens: "structure",
  completionTokens: "structure",
  tokens: "structure",
  cost: "structure",
  costSource: "structure",
  durationMs: "structure",
  createdAt: "structure",
  updatedAt: "structure",
  archivedAt: "structure",
  todos: TODO_RULES,
  meta: "content",
  hash: "structure",
  redacted: "structure",
} satisfies RulesOf<Session>;

const ERROR_RULES = { name: "structure", message: "content" } satisfies RulesOf<MessageError>;

/** Fields of a part; its content has rules by type. */
const PART_RULES = {
  type: "structure",
  id: "structure",
  content: "content",
  meta: "content",
} satisfies RulesOf<Pick<Part, "type" | "id" | "content" | "meta">>;

/** Members of the contents that the contract knows. Contents of other types, and other members, are content. */
export const PART_CONTENT_RULES: Readonly<Record<string, FieldRule>> = {
  text: "content",
  thinking: "content",
  "tool-call": {
    id: "structure",
    toolName: "structure",
    args: "content",
    title: "content",
    status: "structure",
    startedAt: "structure",
    endedAt: "structure",
  },
  "tool-result": { id: "structure", output: "content", isError: "structure", truncated: "structure" },
  file: {
    mime: "structure",
    filename: "structure",
    size: "structure",
    sha256: "structure",
    data: "base64",
    url: "content",
  },
  patch: { files: "structure", diff: "content" },
  subtask: { prompt: "content", description: "content", agent: "structure", sessionExternalId: "structure" },
  compaction: { summary: "content", auto: "structure" },
};

/** Fields of a message. */
export const MESSAGE_RULES = {
  sessionExternalId: "structure",
  externalId: "structure",
  role: "structure",
  source: "structure",
  device: "structure",
  textContent: "content",
  parts: PART_RULES,
  model: "structure",
  provider: "structure",
  agent: "structure",
  responseId: "structure",
  serviceTier: "structure",
  promptTokens: "structure",
  completionTokens: "structure",
  tokens: "structure",
  cost: "structure",
  costSource: "structure",
  durationMs: "structure",
  createdAt: "structure",
  updatedAt: "structure",
  removedAt: "structure",
  error: ERROR_RULES,
  meta: "content",
  hash: "structure",
  redacted: "structure",
} satisfies RulesOf<Message>;

/** The rules of one part, by its type. */
export function rulesOfPart(type: string): FieldRule {
  const content = Object.hasOwn(PART_CONTENT_RULES, type) ? PART_CONTENT_RULES[type] : undefined;
  return { ...PART_RULES, content: content ?? "content" };
}
