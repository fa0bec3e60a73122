import type { TimeUnit } from "./buckets.ts";
import { GROUPINGS, type Grouping } from "./groupings.ts";

/** What a statement about usage depends on. */
export interface UsageShape {
  readonly unit: TimeUnit | undefined;
  readonly groupings: readonly Grouping[];
  /** Conditions on model and provider, of `s`. */
  readonly ofMessages: readonly string[];
  /** The condition on sessions `s`, owner included. */
  readonly ofSessions: string;
  /** Whether that condition leaves out more than deleted sessions. */
  readonly isNarrowed: boolean;
}

/** Sums of one group, in the order in which they travel through the statement. */
const SUMS = [
  ...["messages", "promptTokens", "completionTokens", "tokensInput", "tokensCacheRead", "tokensCacheWrite"],
  ...["tokensCacheWrite1h", "tokensReasoning", "costNano", "reportedNano"],
  ...["unpricedMessages", "unpricedTokens", "sessions", "unpricedSessions"],
] as const;
type Sum = (typeof SUMS)[number];

const TOKENS = SUMS.slice(1, 8);

/** A session whose messages carry no known cost, and which says one itself: see docs/decisions/113. */
const HAS_OWN_COST = `EXISTS (SELECT 1 FROM sessions o CROSS JOIN session_digests e ON e.session = o.id
    WHERE o.id = u.session AND o.costSource IN ('reported', 'computed') AND e.withCost = 0)`;

const IS_UNPRICED = `u.costSource = 'unknown' AND NOT ${HAS_OWN_COST}`;

/** Sums over rows of the roll-up `u`. */
const SAID: Readonly<Record<Sum, string>> = {
  ...record(TOKENS, (name) => `sum(u.${name})`),
  messages: "sum(u.messages)",
  costNano: "sum(u.costNano)",
  reportedNano: "coalesce(sum(u.costNano) FILTER (WHERE u.costSource = 'reported'), 0)",
  unpricedMessages: `coalesce(sum(u.messages) FILTER (WHERE ${IS_UNPRICED}), 0)`,
  unpricedTokens: `coalesce(sum(u.promptTokens + u.completionTokens) FILTER (WHERE ${IS_UNPRICED}), 0)`,
  sessions: "0",
  unpricedSessions: "0",
};

const HAS_OWN_TOKENS = "coalesce(d.withTokens, 0) = 0 AND s.promptTokens + s.completionTokens > 0";
const COUNTS_COST = "coalesce(d.withCost, 0) = 0 AND s.costSource IN ('reported', 'computed')";
const IS_UNPRICED_SESSION = `${HAS_OWN_TOKENS} AND coalesce(d.withCost, 0) = 0 AND s.costSource NOT IN ('reported', 'computed')`;
const NANO = "CAST(round(s.cost * 1e9) AS INTEGER)";

/** Sums over sessions `s` that began in a bucket, `d` being what is known of their messages. */
const OWN: Readonly<Record<Sum, string>> = {
  ...record(TOKENS, (name) => `coalesce(sum(s.${name}) FILTER (WHERE ${HAS_OWN_TOKENS}), 0)`),
  messages: "0",
  costNano: `coalesce(sum(${NANO}) FILTER (WHERE ${COUNTS_COST}), 0)`,
  reportedNano: `coalesce(sum(${NANO}) FILTER (WHERE ${COUNTS_COST} AND s.costSource = 'reported'), 0)`,
  unpricedMessages: "0",
  unpricedTokens: `coalesce(sum(s.promptTokens + s.completionTokens) FILTER (WHERE ${IS_UNPRICED_SESSION}), 0)`,
  sessions: "count(*)",
  unpricedSessions: `sum(${IS_UNPRICED_SESSION})`,
};

const GROUP_JSON = `'sessions', sessions, 'messages', messages,
    'tokens', json_object('input', tokensInput, 'cacheRead', tokensCacheRead, 'cacheWrite', tokensCacheWrite,
      'cacheWrite1h', tokensCacheWrite1h, 'unsplitInput', promptTokens - tokensInput - tokensCacheRead - tokensCacheWrite,
      'output', completionTokens, 'reasoning', tokensReasoning, 'total', promptTokens + completionTokens),
    'cost', costNano / 1e9,
    'costs', json_object('reported', reportedNano / 1e9, 'computed', (costNano - reportedNano) / 1e9),
    'unpriced', json_object('messages', unpricedMessages, 'sessions', unpricedSessions, 'tokens', unpricedTokens)`;

/**
 * Usage as JSON: `{tz, by, from, to, totals, copies, unpricedModels, rows}`. Bind `user`, `tz`, `by` (a JSON list),
 * `from`, `to`, `buckets`, and what the conditions need.
 */
export function usageSql(shape: UsageShape): string {
  const names = [...(shape.unit === undefined ? [] : [shape.unit]), ...shape.groupings];
  const row = [...names.map((name, index) => `'${name}', ${nameColumn(shape, index)}`), GROUP_JSON].join(", ");
  const order = ["label", "promptTokens + completionTokens DESC", ...groupsOf(shape)].join(", ");
  return `${withGroups(shape)}
SELECT json_object('tz', {:tz}, 'by', json({:by}), 'from', nullif({:from}, 0), 'to', nullif({:to}, 0),
  'totals', (SELECT json_object(${GROUP_JSON}) FROM totals),
  'copies', (${copiesSql(shape)}),
  'unpricedModels', json(iif((SELECT unpricedMessages + unpricedSessions FROM totals) > 0, (${unpricedSql(shape)}), '[]')),
  'rows', (SELECT json_group_array(json_object(${row}) ORDER BY ${order}) FROM merged)) AS json`;
}

/** The first version's statistics of all time as JSON. Bind `user`, `buckets`, and what the conditions need. */
export function statsSql(shape: UsageShape): string {
  const byModel: UsageShape = { ...shape, unit: undefined, groupings: ["model"] };
  return `${withGroups(byModel)}
SELECT json_object('sessionCount', sessions, 'messageCount', messages,
  'totalTokens', promptTokens + completionTokens, 'totalCost', costNano / 1e9,
  'totalDurationMs', (SELECT coalesce(sum(s.durationMs), 0) FROM sessions s INDEXED BY sessions_newest
    WHERE ${shape.ofSessions}),
  'modelUsage', (SELECT json_group_object(coalesce(nullif(g0, ''), 'unknown'), json_object(
      'tokens', promptTokens + completionTokens, 'cost', costNano / 1e9, 'sessions', sessions) ORDER BY g0)
    FROM merged WHERE sessions > 0 OR promptTokens + completionTokens > 0 OR costNano > 0)) AS json
FROM totals`;
}

const groupsOf = (shape: UsageShape) => shape.groupings.map((_, index) => `g${index}`);

/**
 * The groups of each bucket in the table `merged`, and their sums in `totals`. A bucket of time is a stretch of the
 * roll-up's key: each is summed up by itself, which spares sorting all rows by bucket.
 */
function withGroups(shape: UsageShape): string {
  const groups = groupsOf(shape);
  const keys = ["label", ...groups];
  return `WITH buckets AS MATERIALIZED (
  SELECT value ->> 0 AS label, value ->> 1 AS start, value ->> 2 AS end FROM json_each({:buckets})),
parts AS MATERIALIZED (
  SELECT b.label, r.value AS part FROM buckets b CROSS JOIN jsonb_each((${saidSql(shape)})) r
  UNION ALL SELECT b.label, r.value FROM buckets b CROSS JOIN jsonb_each((${ownSql(shape)})) r),
merged AS MATERIALIZED (
  SELECT ${[...keys, ...SUMS.map((name) => `sum(${name}) AS ${name}`)].join(", ")}
  FROM (SELECT label, ${[...groups, ...SUMS].map((name, index) => `part ->> ${index} AS ${name}`).join(", ")} FROM parts)
  GROUP BY ${keys.join(", ")}),
totals AS MATERIALIZED (SELECT ${SUMS.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(", ")} FROM merged)`;
}

function nameColumn(shape: UsageShape, index: number): string {
  if (shape.unit === undefined) return `g${index}`;
  return index === 0 ? "label" : `g${index - 1}`;
}

/** One list for each bucket: the groups of what was said in it. */
function saidSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].said);
  const from = values.some((value) => value.startsWith("p."))
    ? "usage u CROSS JOIN sessions p INDEXED BY sessions_by_id ON p.id = u.session"
    : "usage u";
  const sums = SUMS.map((name) => SAID[name]);
  return listSql(values, sums, `${from} WHERE ${saidCondition(shape)} AND u.slot >= b.start AND u.slot < b.end`);
}

/** The same for sessions that began in it, which may count with their own totals. */
function ownSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].own);
  const from = "sessions s INDEXED BY sessions_begun LEFT JOIN session_digests d ON d.session = s.id";
  const condition = [shape.ofSessions, ...shape.ofMessages.map((sql) => `(${sql})`)].join(" AND ");
  const sums = SUMS.map((name) => OWN[name]);
  return listSql(values, sums, `${from} WHERE ${condition} AND s.createdAt >= b.start AND s.createdAt < b.end`);
}

function listSql(values: readonly string[], sums: readonly string[], from: string): string {
  const columns = [...values, ...sums].map((value, index) => `${value} AS c${index}`);
  const group = values.length === 0 ? "" : `GROUP BY ${values.join(", ")}`;
  return `SELECT jsonb_group_array(jsonb_array(${columns.map((_, index) => `c${index}`).join(", ")}))
    FROM (SELECT ${columns.join(", ")} FROM ${from} ${group} HAVING count(*) > 0)`;
}

/**
 * Which rows of the roll-up `u` count. A session that is deleted has usage until its content is gone, also one that was
 * taken from its owner for good.
 */
function saidCondition(shape: UsageShape, costSource = "u.costSource <> 'copy'"): string {
  const sessions = shape.isNarrowed
    ? `u.session IN (SELECT s.id FROM sessions s INDEXED BY sessions_newest WHERE ${shape.ofSessions})`
    : `u.session NOT IN (SELECT t.id FROM sessions t INDEXED BY sessions_trash
      WHERE t.user IN ({:user}, '') AND t.deletedAt > 0 AND t.purgeAt > 0)`;
  const messages = shape.ofMessages.map((sql) => `(${sql.replace(/^s\./, "u.")})`);
  return ["u.user = {:user}", costSource, sessions, ...messages].join(" AND ");
}

/** Messages that are copies of a response that counts elsewhere. */
function copiesSql(shape: UsageShape): string {
  const condition = saidCondition(shape, "u.costSource = 'copy'");
  return `SELECT coalesce(sum(u.messages), 0) FROM buckets b CROSS JOIN usage u INDEXED BY usage_copies
    ON u.slot >= b.start AND u.slot < b.end WHERE ${condition}`;
}

/** What has no price, by model, as JSON. */
function unpricedSql(shape: UsageShape): string {
  const own = [shape.ofSessions, ...shape.ofMessages.map((sql) => `(${sql})`)].join(" AND ");
  return `SELECT json_group_array(json_object('model', model, 'provider', provider, 'messages', messages, 'sessions', sessions,
      'tokens', tokens) ORDER BY tokens DESC, messages DESC, model, provider)
    FROM (SELECT model, provider, sum(messages) AS messages, sum(sessions) AS sessions, sum(tokens) AS tokens FROM (
      SELECT u.model, u.provider, u.messages, 0 AS sessions, u.promptTokens + u.completionTokens AS tokens
      FROM buckets b CROSS JOIN usage u ON u.slot >= b.start AND u.slot < b.end
      WHERE ${saidCondition(shape, IS_UNPRICED)}
      UNION ALL SELECT s.model, s.provider, 0, 1, s.promptTokens + s.completionTokens
      FROM buckets b CROSS JOIN sessions s INDEXED BY sessions_begun ON s.createdAt >= b.start AND s.createdAt < b.end
      LEFT JOIN session_digests d ON d.session = s.id WHERE ${own} AND ${IS_UNPRICED_SESSION})
    GROUP BY model, provider)`;
}

function record<Name extends string>(names: readonly Name[], value: (name: Name) => string): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, string>;
}
