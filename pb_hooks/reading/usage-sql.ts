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

/** SQL of what one source of figures adds; nothing where it says none. */
type Sums = Readonly<Partial<Record<Sum, string>>>;

const TOKENS = SUMS.slice(1, 8);

/** What a session adds beside tokens when it counts with its own totals. */
const COUNTED = ["costNano", "reportedNano", "unpricedTokens", "unpricedSessions"] as const;

/** A session whose messages carry no known cost, and which says one itself: see docs/decisions/113. */
const HAS_OWN_COST = `EXISTS (SELECT 1 FROM session_digests e CROSS JOIN sessions o INDEXED BY sessions_by_id ON o.id = e.session
    WHERE e.session = u.session AND e.withCost = 0 AND o.costSource IN ('reported', 'computed'))`;

/** Sums over rows of the roll-up `u`, but for what has no price. */
const SAID: Sums = {
  ...record(TOKENS, (name) => `sum(u.${name})`),
  messages: "sum(u.messages)",
  costNano: "sum(u.costNano)",
  reportedNano: "coalesce(sum(u.costNano) FILTER (WHERE u.costSource = 'reported'), 0)",
};

const HAS_OWN_TOKENS = "s.promptTokens + s.completionTokens > 0 AND coalesce(d.withTokens, 0) = 0";
const COUNTS_COST = "s.costSource IN ('reported', 'computed') AND coalesce(d.withCost, 0) = 0";
const IS_UNPRICED_SESSION = `${HAS_OWN_TOKENS} AND s.costSource NOT IN ('reported', 'computed') AND coalesce(d.withCost, 0) = 0`;
const NANO = "CAST(round(s.cost * 1e9) AS INTEGER)";

/** What a session `s` counts itself, `d` being what is known of its messages. */
const OWN: Sums = {
  ...record(TOKENS, (name) => `iif(${HAS_OWN_TOKENS}, s.${name}, 0)`),
  costNano: `iif(${COUNTS_COST}, ${NANO}, 0)`,
  reportedNano: `iif(${COUNTS_COST} AND s.costSource = 'reported', ${NANO}, 0)`,
  unpricedTokens: `iif(${IS_UNPRICED_SESSION}, s.promptTokens + s.completionTokens, 0)`,
  unpricedSessions: IS_UNPRICED_SESSION,
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
  const order = ["g.at", "promptTokens + completionTokens DESC", ...groupsOf(shape)].join(", ");
  return `${withGroups(shape)}
SELECT json_object('tz', {:tz}, 'by', json({:by}), 'from', nullif({:from}, 0), 'to', nullif({:to}, 0),
  'totals', (SELECT json_object(${GROUP_JSON}) FROM totals),
  'copies', (${copiesSql(shape)}),
  'unpricedModels', json((${UNPRICED_MODELS})),
  'rows', (SELECT json_group_array(json_object(${row}) ORDER BY ${order})
    FROM (SELECT rowid AS place, value ->> 0 AS label FROM json_each({:buckets})) b CROSS JOIN merged g ON g.at = b.place)) AS json`;
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
 * The groups of each bucket in the table `merged`, and their sums in `totals`. Each source of figures is summed up by
 * itself first. A bucket of time is a stretch of the roll-up's key, and `json_each` gives buckets by rowid: so grouping
 * by bucket alone sorts nothing.
 */
function withGroups(shape: UsageShape): string {
  const groups = groupsOf(shape);
  const keys = ["at", ...groups].join(", ");
  const sources = [
    `SELECT ${[keys, ...SUMS].join(", ")} FROM said`,
    sourceSql("begun", groups, { sessions: "sessions" }),
    sourceSql(
      "counted",
      groups,
      record([...TOKENS, ...COUNTED], (name) => name),
    ),
    sourceSql("unpriced", groups, { unpricedMessages: "messages", unpricedTokens: "tokens" }),
  ];
  return `WITH said AS MATERIALIZED (${saidSql(shape)}),
begun AS MATERIALIZED (${begunSql(shape)}),
counted AS MATERIALIZED (${countedSql(shape)}),
unpriced AS MATERIALIZED (${unpricedSql(shape)}),
merged AS MATERIALIZED (
  SELECT ${[keys, ...SUMS.map((name) => `sum(${name}) AS ${name}`)].join(", ")}
  FROM (${sources.join("\n    UNION ALL ")}) GROUP BY ${keys}),
totals AS MATERIALIZED (SELECT ${SUMS.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(", ")} FROM merged)`;
}

/** What a table adds to the sums. */
function sourceSql(table: string, groups: readonly string[], sums: Sums): string {
  return `SELECT ${["at", ...groups, ...columnsOf(sums)].join(", ")} FROM ${table}`;
}

const columnsOf = (sums: Sums) => SUMS.map((name) => sums[name] ?? "0");

/** Values with the names `g0`, `g1`, …, which they have in every table. */
const namedGroups = (values: readonly string[]) => values.map((value, index) => `${value} AS g${index}`);

function nameColumn(shape: UsageShape, index: number): string {
  if (shape.unit === undefined) return `g${index}`;
  return index === 0 ? "b.label" : `g${index - 1}`;
}

const IN_BUCKET = (column: string) => `${column} >= b.value ->> 1 AND ${column} < b.value ->> 2`;

/**
 * The roll-up in buckets `b`, with the sessions `p` of its rows where a grouping is by what only they say.
 * @param index which index of the roll-up answers alone, as ` INDEXED BY …`
 */
function usageInBuckets(shape: UsageShape, index = ""): string {
  const usesPlace = shape.groupings.some((name) => GROUPINGS[name].said.startsWith("p."));
  const sessions = usesPlace ? " CROSS JOIN sessions p INDEXED BY sessions_by_id ON p.id = u.session" : "";
  return `json_each({:buckets}) b CROSS JOIN usage u${index}${sessions}`;
}

/** What was said in each bucket. */
function saidSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].said);
  const columns = [
    "b.rowid AS at",
    ...namedGroups(values),
    ...columnsOf(SAID).map((sum, index) => `${sum} AS ${SUMS[index]}`),
  ];
  return `SELECT ${columns.join(", ")} FROM ${usageInBuckets(shape)}
  WHERE ${saidCondition(shape)} AND ${IN_BUCKET("u.slot")} GROUP BY ${["b.rowid", ...values].join(", ")}`;
}

/** Rows of the roll-up without a price. */
function unpricedSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].said);
  const columns = ["b.rowid AS at", ...namedGroups(values), "u.model, u.provider, u.messages"];
  return `SELECT ${columns.join(", ")}, u.promptTokens + u.completionTokens AS tokens
  FROM ${usageInBuckets(shape, " INDEXED BY usage_unpriced")}
  WHERE ${saidCondition(shape, "u.costSource = 'unknown'")} AND ${IN_BUCKET("u.slot")} AND NOT ${HAS_OWN_COST}`;
}

const SESSIONS_IN_BUCKETS = "json_each({:buckets}) b CROSS JOIN sessions s INDEXED BY sessions_begun";

function begunCondition({ ofSessions, ofMessages }: UsageShape): string {
  return [ofSessions, ...ofMessages.map((sql) => `(${sql})`), IN_BUCKET("s.createdAt")].join(" AND ");
}

/** How many sessions began in each bucket. */
function begunSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].own);
  return `SELECT ${["b.rowid AS at", ...namedGroups(values), "count(*) AS sessions"].join(", ")} FROM ${SESSIONS_IN_BUCKETS}
  WHERE ${begunCondition(shape)} GROUP BY ${["b.rowid", ...values].join(", ")}`;
}

/** Those of them that count with their own totals. */
function countedSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].own);
  const sums = record([...TOKENS, ...COUNTED], (name) => `${OWN[name]} AS ${name}`);
  const columns = ["b.rowid AS at", ...namedGroups(values), "s.model, s.provider", ...Object.values(sums)];
  return `SELECT ${columns.join(", ")} FROM ${SESSIONS_IN_BUCKETS} LEFT JOIN session_digests d ON d.session = s.id
  WHERE ${begunCondition(shape)} AND (${HAS_OWN_TOKENS} OR ${COUNTS_COST})`;
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
  return `SELECT coalesce(sum(u.messages), 0) FROM json_each({:buckets}) b CROSS JOIN usage u INDEXED BY usage_copies
    WHERE ${condition} AND ${IN_BUCKET("u.slot")}`;
}

/** What has no price, by model, as JSON. */
const UNPRICED_MODELS = `SELECT json_group_array(json_object('model', model, 'provider', provider, 'messages', messages,
      'sessions', sessions, 'tokens', tokens) ORDER BY tokens DESC, messages DESC, model, provider)
    FROM (SELECT model, provider, sum(messages) AS messages, sum(sessions) AS sessions, sum(tokens) AS tokens FROM (
      SELECT model, provider, messages, 0 AS sessions, tokens FROM unpriced
      UNION ALL SELECT model, provider, 0, 1, unpricedTokens FROM counted WHERE unpricedSessions)
    GROUP BY model, provider)`;

function record<Name extends string>(names: readonly Name[], value: (name: Name) => string): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, string>;
}
