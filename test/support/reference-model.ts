import type { CostSource, Message, Session, Tokens } from "@opensync/client";

// What a row must be after an item, written down as plainly as possible, field by field and without a thought for
// speed. Absent is 0, "" or null, as in the database; `createdAt` 0 is a guess that only the server can know.

/** What session and message have in common. */
interface SharedRow {
  readonly [column: string]: unknown;
  readonly hash: number;
  readonly redacted: number;
  readonly updatedAt: number;
  readonly createdAt: number;
  readonly tokens: Required<Tokens> | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cost: number;
  readonly costSource: CostSource | "";
  readonly meta: Record<string, unknown> | null;
}

export interface MessageRow extends SharedRow {
  readonly role: string;
  readonly model: string;
  readonly provider: string;
  readonly responseId: string;
  readonly removedAt: number;
}

export interface SessionRow extends SharedRow {
  /** "" while nobody stated it. */
  readonly source: string;
  /** "" while nobody stated it. */
  readonly device: string;
  /** "" while nobody stated it. */
  readonly projectName: string;
  readonly projectPath: string;
  readonly model: string;
}

/** The row of a message after one more item. */
export function mergeMessage(row: MessageRow | undefined, item: Message): MessageRow {
  const alone = messageAlone(item);
  if (!row) return alone;
  const content = row.hash === alone.hash ? (alone.redacted > row.redacted ? alone : row) : alone;
  if (alone.hash > 0) {
    const isNewer = row.hash === 0 || alone.updatedAt > row.updatedAt;
    const isOlder = row.hash > 0 && alone.updatedAt < row.updatedAt;
    if (isOlder && row.hash !== alone.hash) return row;
    return {
      ...content,
      updatedAt: row.hash === 0 ? alone.updatedAt : Math.max(alone.updatedAt, row.updatedAt),
      removedAt: isNewer ? alone.removedAt : isOlder ? row.removedAt : Math.max(alone.removedAt, row.removedAt),
    };
  }
  if (row.hash > 0) return row;
  return {
    ...mergePartial(row, alone, [
      "role",
      "agent",
      "serviceTier",
      "textContent",
      "responseId",
      "durationMs",
      "parts",
      "error",
    ]),
    role: alone.role || row.role,
    responseId: alone.responseId || row.responseId,
    removedAt: Math.max(alone.removedAt, row.removedAt),
  };
}

/** The row of a session after one more item. */
export function mergeSession(row: SessionRow | undefined, item: Session): SessionRow {
  const alone = sessionAlone(item);
  if (!row) return alone;
  if (alone.hash > 0) return mergeSessionSnapshot(row, alone);
  if (row.hash > 0) return row;
  const projectPath = alone.projectPath || row.projectPath;
  return {
    ...mergePartial(row, alone, [...OBSERVED, ...SESSION_TEXTS, "durationMs", "archivedAt", "todos"]),
    source: alone.source || row.source,
    device: alone.device || row.device,
    projectName: alone.projectName || row.projectName,
    projectPath,
  };
}

const OBSERVED = ["gitRemote", "gitBranch", "gitCommit", "device"] as const;
const SESSION_TEXTS = ["title", "agentVersion", "parentExternalId", "forkedFrom"] as const;

function mergeSessionSnapshot(row: SessionRow, alone: SessionRow): SessionRow {
  const version = row.hash > 0 ? row.updatedAt : 0;
  const isOlder = alone.updatedAt < version;
  const replaces = row.hash === alone.hash ? alone.redacted > row.redacted : !isOlder;
  const observed = OBSERVED.map((name) => [
    name,
    (isOlder ? row[name] || alone[name] : alone[name] || row[name]) ?? "",
  ]);
  return {
    ...(replaces ? alone : row),
    ...Object.fromEntries(observed),
    updatedAt: Math.max(alone.updatedAt, version),
  };
}

/** Field by field: what the item has replaces, what it lacks stays. */
function mergePartial<Row extends SharedRow>(row: Row, alone: Row, fields: readonly string[]): Row {
  const merged = Object.fromEntries([...fields, "model", "provider"].map((name) => [name, alone[name] || row[name]]));
  const split = alone.tokens ?? row.tokens;
  const cost = RANK[alone.costSource] >= RANK[row.costSource] && alone.costSource !== "" ? alone : row;
  return {
    ...row,
    ...merged,
    tokens: split,
    promptTokens: split ? prompt(split) : alone.promptTokens || row.promptTokens,
    completionTokens: split ? split.output : alone.completionTokens || row.completionTokens,
    cost: cost.cost,
    costSource: cost.costSource,
    createdAt:
      alone.createdAt && row.createdAt ? Math.min(alone.createdAt, row.createdAt) : alone.createdAt || row.createdAt,
    updatedAt: Math.max(alone.updatedAt, row.updatedAt),
    redacted: Math.max(alone.redacted, row.redacted),
    meta: alone.meta ? { ...row.meta, ...alone.meta } : row.meta,
  };
}

/** What a session shows: tokens and cost that nobody stated of it are the sums of its messages, as far as they are known. */
export function withSums(row: SessionRow, messages: readonly MessageRow[]): SessionRow {
  const sum = (of: readonly MessageRow[], value: (message: MessageRow) => number) =>
    of.reduce((total, message) => total + value(message), 0);
  const known = messages.filter(({ costSource }) => costSource === "reported" || costSource === "computed");
  const unpriced = messages.filter(({ costSource }) => costSource === "unknown").length;
  const isStated = row.tokens !== null || row.promptTokens + row.completionTokens > 0;
  const ofKind = (kind: keyof Tokens) => sum(messages, ({ tokens }) => tokens?.[kind] ?? 0);
  const [input, cacheRead, cacheWrite] = [ofKind("input"), ofKind("cacheRead"), ofKind("cacheWrite")];
  const [cacheWrite1h, output, reasoning] = [ofKind("cacheWrite1h"), ofKind("output"), ofKind("reasoning")];
  const tokens = {
    tokens: { input, cacheRead, cacheWrite, cacheWrite1h, output, reasoning },
    promptTokens: sum(messages, ({ promptTokens }) => promptTokens),
    completionTokens: sum(messages, ({ completionTokens }) => completionTokens),
  };
  const isSum = known.length > 0 && row.costSource !== "reported";
  const nano = sum(known, ({ cost }) => Math.round(cost * 1e9));
  return {
    ...row,
    ...(isStated || tokens.promptTokens + tokens.completionTokens === 0 ? {} : tokens),
    costSource: isSum ? "computed" : row.costSource || (unpriced > 0 ? "unknown" : ""),
    cost: isSum ? nano / 1e9 : row.cost,
    unpricedMessages: isSum ? unpriced : 0,
  };
}

const RANK = { "": 0, unknown: 1, computed: 2, reported: 3 };

function messageAlone(item: Message): MessageRow {
  return {
    ...sharedAlone(item),
    role: item.role ?? "",
    agent: item.agent ?? "",
    responseId: item.responseId ?? "",
    serviceTier: item.serviceTier ?? "",
    textContent: item.textContent ?? "",
    parts: item.parts ?? null,
    error: item.error ?? null,
    removedAt: item.removedAt ?? 0,
  };
}

function sessionAlone(item: Session): SessionRow {
  return {
    ...sharedAlone(item),
    source: item.source === "cursor-sync" ? "cursor" : (item.source ?? ""),
    title: item.title ?? "",
    projectPath: item.projectPath ?? "",
    projectName: item.projectName ?? "",
    gitRemote: item.gitRemote ?? "",
    gitBranch: item.gitBranch ?? "",
    gitCommit: item.gitCommit ?? "",
    device: item.device ?? "",
    agentVersion: item.agentVersion ?? "",
    parentExternalId: item.parentExternalId ?? "",
    forkedFrom: item.forkedFrom ?? "",
    archivedAt: item.archivedAt ?? 0,
    todos: item.todos ?? null,
  };
}

function sharedAlone(item: Session | Message): SharedRow & { model: string; provider: string } {
  const tokens = item.tokens
    ? { input: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0, ...item.tokens }
    : null;
  const promptTokens = tokens ? prompt(tokens) : (item.promptTokens ?? 0);
  const completionTokens = tokens ? tokens.output : (item.completionTokens ?? 0);
  const costSource = sourceOfCost(item, promptTokens + completionTokens > 0);
  return {
    hash: item.hash ?? 0,
    redacted: item.redacted ?? 0,
    updatedAt: item.updatedAt ?? 0,
    createdAt: item.createdAt ?? 0,
    model: item.model ?? "",
    provider: item.provider ?? "",
    tokens,
    promptTokens,
    completionTokens,
    cost: costSource === "reported" || costSource === "computed" ? (item.cost ?? 0) : 0,
    costSource,
    durationMs: item.durationMs ?? 0,
    meta: item.meta ?? null,
  };
}

function sourceOfCost({ cost, costSource }: Session | Message, hasTokens: boolean): CostSource | "" {
  const isFigure = cost !== undefined && !(costSource === "reported" && cost === 0 && hasTokens);
  if (isFigure && costSource !== undefined && costSource !== "unknown") return costSource;
  if (isFigure && costSource === undefined && cost > 0) return "computed";
  return hasTokens || costSource === "unknown" ? "unknown" : "";
}

function prompt(tokens: Required<Tokens>): number {
  return tokens.input + tokens.cacheRead + tokens.cacheWrite;
}
