import { sessionDigest } from "@opensync/client/digest";
import type { Batch } from "./histories.ts";
import { type MessageRow, mergeMessage, mergeSession, type SessionRow, withSums } from "./reference-model.ts";
import { type Rate, withPrice } from "./reference-prices.ts";
import type { TestServer } from "./server.ts";

/** All that a history leaves on a server, keyed by the ids of the wire. */
export interface State {
  readonly sessions: Readonly<Record<string, Row>>;
  /** By session and message. */
  readonly messages: Readonly<Record<string, Row>>;
  /** [messages, sum of hashes, messages without hash, own hash] by session. */
  readonly digests: Readonly<Record<string, readonly number[]>>;
  /** By session, slot, model, provider and source of the cost. */
  readonly usage: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

type Row = Readonly<Record<string, unknown>>;

const SHARED = [
  "model",
  "provider",
  "cost",
  "costSource",
  "durationMs",
  "createdAt",
  "updatedAt",
  "hash",
  "redacted",
].concat(["promptTokens", "completionTokens", "meta"]);
const SESSION_COLUMNS = [...SHARED, "source", "title", "projectPath", "projectName", "gitBranch", "device"].concat([
  "agentVersion",
  "parentExternalId",
  "forkedFrom",
  "archivedAt",
  "todos",
  "messageCount",
  "toolCallCount",
  "unpricedMessages",
]);
const MESSAGE_COLUMNS = [...SHARED, "role", "agent", "responseId", "serviceTier", "textContent"].concat([
  "parts",
  "error",
  "removedAt",
]);
const KINDS = {
  input: "tokensInput",
  cacheRead: "tokensCacheRead",
  cacheWrite: "tokensCacheWrite",
  cacheWrite1h: "tokensCacheWrite1h",
  output: "tokensOutput",
  reasoning: "tokensReasoning",
} as const;
const SUMS = ["promptTokens", "completionTokens", ...Object.values(KINDS)];
const SLOT_MS = 15 * 60 * 1000;

/**
 * What the database holds of some sessions.
 * @param condition SQL with one parameter that tells them, on `s`
 */
export function storedState(server: TestServer, condition: string, value: string): State {
  const sessions = server.query<Row>(`SELECT s.* FROM sessions s WHERE ${condition}`, value);
  const messages = server.query<Row>(
    `SELECT m.*, s.externalId AS inSession FROM messages m JOIN sessions s ON s.id = m.session WHERE ${condition}`,
    value,
  );
  const digests = server.query<Row>(
    `SELECT s.externalId, d.messages, d.hashSum, d.unhashed, s.hash FROM sessions s
     LEFT JOIN session_digests d ON d.session = s.id WHERE ${condition}`,
    value,
  );
  const usage = server.query<Row>(
    `SELECT u.*, s.externalId AS inSession FROM usage u JOIN sessions s ON s.id = u.session WHERE ${condition}`,
    value,
  );
  return {
    sessions: byKey(sessions, (row) => [
      String(row["externalId"]),
      pick(row, [...SESSION_COLUMNS, ...Object.values(KINDS)]),
    ]),
    messages: byKey(messages, (row) => [
      `${row["inSession"]} ${row["externalId"]}`,
      pick(row, [...MESSAGE_COLUMNS, ...Object.values(KINDS)]),
    ]),
    digests: byKey(digests, (row) => [
      String(row["externalId"]),
      ["messages", "hashSum", "unhashed", "hash"].map((name) => Number(row[name] ?? 0)),
    ]),
    usage: byKey(usage, (row) => [
      ["inSession", "slot", "model", "provider", "costSource"].map((name) => row[name]).join(" "),
      Object.fromEntries(["messages", "costNano", ...SUMS].map((name) => [name, Number(row[name])])),
    ]),
  };
}

/**
 * What it must hold.
 * @param stored the real state, for the times of arrival, which nobody else can know
 * @param keyDevice device of the key that pushed
 * @param rates the price list
 */
export function expectedState(items: Batch, stored: State, keyDevice: string, rates: readonly Rate[]): State {
  const messages = new Map<string, { session: string; id: string; row: MessageRow }>();
  for (const item of items.messages) {
    const key = `${item.sessionExternalId} ${item.externalId}`;
    const row = mergeMessage(messages.get(key)?.row, item);
    messages.set(key, { session: item.sessionExternalId, id: item.externalId, row });
  }
  for (const [key, entry] of messages) {
    const arrival = Number(stored.messages[key]?.["createdAt"]);
    const row = { ...entry.row, createdAt: entry.row.createdAt || arrival };
    messages.set(key, { ...entry, row: withPrice(row, rates) });
  }
  const sessions = new Map<string, SessionRow>();
  for (const item of items.sessions) sessions.set(item.externalId, mergeSession(sessions.get(item.externalId), item));
  for (const { session } of messages.values()) {
    if (!sessions.has(session)) sessions.set(session, mergeSession(undefined, { externalId: session }));
  }
  const ownMessages = (session: string) => [...messages.values()].filter((message) => message.session === session);
  return {
    sessions: byKey([...sessions], ([id, row]) => {
      const own = ownMessages(id);
      const priced = withPrice(completeSession(row, own, stored.sessions[id], keyDevice), rates);
      const shown = withSums(
        priced,
        own.map((message) => message.row),
      );
      return [id, columns(shown, SESSION_COLUMNS)];
    }),
    messages: byKey([...messages], ([key, { row }]) => [key, columns(row, MESSAGE_COLUMNS)]),
    digests: byKey([...sessions], ([id, row]) => [
      id,
      sessionDigest(
        row.hash,
        ownMessages(id).map((message) => message.row),
      ),
    ]),
    usage: recount([...messages.values()]),
  };
}

interface Entry {
  readonly session: string;
  readonly id: string;
  readonly row: MessageRow;
}

/** The row of a session with all that the server finds out by itself. */
function completeSession(
  row: SessionRow,
  messages: readonly Entry[],
  stored: Row | undefined,
  keyDevice: string,
): SessionRow {
  const byTime = messages.toSorted((a, b) => a.row.createdAt - b.row.createdAt || (a.id < b.id ? -1 : 1));
  const createdAt = row.createdAt || byTime[0]?.row.createdAt || Number(stored?.["createdAt"]);
  const live = messages.filter((message) => message.row.removedAt === 0);
  const parts = live.flatMap((message) => (Array.isArray(message.row["parts"]) ? message.row["parts"] : []));
  const lastModel = byTime.findLast((message) => message.row.model !== "")?.row.model ?? "";
  const guessed = {
    createdAt,
    updatedAt: row.updatedAt || Math.max(createdAt, byTime.at(-1)?.row.createdAt ?? 0),
    source: row.source || "opencode",
    device: row.device || keyDevice,
    model: row.model || (row.hash === 0 ? lastModel : ""),
    projectName: row.projectName || (row.projectPath.split(/[/\\]/).findLast((name) => name !== "") ?? ""),
    messageCount: live.length,
    toolCallCount: parts.filter((part) => part.type === "tool-call" || part.type === "tool_use").length,
  };
  return { ...row, ...guessed };
}

/** The roll-up, counted from scratch: of the copies of one response the first in this order counts, the others are copies. */
function recount(messages: readonly Entry[]): State["usage"] {
  const order = messages.toSorted(
    ({ row: a, ...inA }, { row: b, ...inB }) =>
      b.completionTokens - a.completionTokens ||
      b.promptTokens - a.promptTokens ||
      a.createdAt - b.createdAt ||
      compare(inA.id, inB.id) ||
      compare(inA.session, inB.session),
  );
  const counted = new Set<string>();
  const usage: Record<string, Record<string, number>> = {};
  for (const { session, row } of order) {
    const isCopy = row.responseId !== "" && counted.has(row.responseId);
    counted.add(row.responseId);
    const slot = row.createdAt - (row.createdAt % SLOT_MS);
    const key = [session, slot, row.model, row.provider, isCopy ? "copy" : row.costSource].join(" ");
    const values: Row = { ...columns(row, SUMS), messages: 1, costNano: Math.round(row.cost * 1e9) };
    const sums = usage[key] ?? {};
    for (const [name, value] of Object.entries(values)) sums[name] = (sums[name] ?? 0) + Number(value);
    usage[key] = sums;
  }
  return usage;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A row of the model as the database writes it. */
function columns(row: MessageRow | SessionRow, names: readonly string[]): Row {
  const tokens = row.tokens;
  const kinds = Object.entries(KINDS).map(([kind, column]) => [column, tokenCount(tokens, kind)]);
  const all: Row = { ...row, ...Object.fromEntries(kinds) };
  return pick(all, [...new Set([...names, ...Object.values(KINDS)])]);
}

function tokenCount(tokens: object | null, kind: string): number {
  return Number(Object.entries(tokens ?? {}).find(([name]) => name === kind)?.[1] ?? 0);
}

/** JSON columns as values, everything else as it is. */
function pick(row: Row, names: readonly string[]): Row {
  const isJson = (value: unknown): value is string => typeof value === "string" && /^[[{]/.test(value);
  return Object.fromEntries(
    names.map((name) => {
      const value = row[name];
      return [name, JSON_COLUMNS.includes(name) && isJson(value) ? JSON.parse(value) : value];
    }),
  );
}

const JSON_COLUMNS = ["meta", "todos", "parts", "error"];

function byKey<Item, Value>(items: Iterable<Item>, entry: (item: Item) => [string, Value]): Record<string, Value> {
  return Object.fromEntries([...items].map(entry).toSorted(([a], [b]) => compare(a, b)));
}
