import { STATED } from "../sql/stated.ts";
import type { TimeUnit } from "./buckets.ts";
import { GROUPINGS, type Grouping } from "./groupings.ts";

// Where figures of usage come from: the roll-up of messages, its sums by session, and sessions that count themselves.

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
  /** Whether it is about no stretch of time, but all that there is. */
  readonly isOfAllTime: boolean;
}

/** Sums of one group, in the order in which they travel through the statement. */
export const SUMS = [
  ...["messages", "promptTokens", "completionTokens", "tokensInput", "tokensCacheRead", "tokensCacheWrite"],
  ...["tokensCacheWrite1h", "tokensReasoning", "costNano", "reportedNano"],
  ...["unpricedMessages", "unpricedTokens", "sessions", "unpricedSessions"],
] as const;
type Sum = (typeof SUMS)[number];

/** SQL of what one source of figures adds; nothing where it says none. */
type Sums = Readonly<Partial<Record<Sum, string>>>;

const TOKENS = SUMS.slice(1, 8);

/** What is summed up by session, under the same names in `session_usage`. */
const SUMMED: readonly Sum[] = ["messages", ...TOKENS, "costNano", "reportedNano"];

/** What a session may add when it counts with its own totals. */
const OWN: readonly Sum[] = [...TOKENS, "costNano", "reportedNano", "unpricedTokens", "unpricedSessions"];

/**
 * SQL: whether a session states what it has, and does not only show a sum of its messages. The indexes hold it (0016),
 * but it is asked last: only where no message carries anything can it be untrue, once somebody has deleted one by hand.
 */
const statesTokens = `NOT s.stated & ${STATED.summedTokens}`;
const statesCost = (row: "s" | "o") => `NOT ${row}.stated & ${STATED.summedCost}`;

/** A session whose messages carry no known cost, and which says one itself: see docs/decisions/113. */
const HAS_OWN_COST = `EXISTS (SELECT 1 FROM session_digests e CROSS JOIN sessions o INDEXED BY sessions_by_id ON o.id = e.session
    WHERE e.session = u.session AND e.withCost = 0 AND o.costSource IN ('reported', 'computed') AND ${statesCost("o")})`;

/** Sums over rows of the roll-up `u`, but for what has no price. */
const SAID: Sums = {
  ...record(TOKENS, (name) => `sum(u.${name})`),
  messages: "sum(u.messages)",
  costNano: "sum(u.costNano)",
  reportedNano: "coalesce(sum(u.costNano) FILTER (WHERE u.costSource = 'reported'), 0)",
};

const HAS_TOKENS = "s.promptTokens + s.completionTokens > 0";
const HAS_COST = "s.costSource IN ('reported', 'computed')";
const HAS_OWN_TOKENS = `${HAS_TOKENS} AND coalesce(d.withTokens, 0) = 0 AND ${statesTokens}`;
const COUNTS_COST = `${HAS_COST} AND coalesce(d.withCost, 0) = 0 AND ${statesCost("s")}`;
const IS_UNPRICED_SESSION = `${HAS_OWN_TOKENS} AND coalesce(d.withCost, 0) = 0 AND NOT (${HAS_COST} AND ${statesCost("s")})`;

/** The same where the sums `c` of a session are at hand: what is in them makes looking further needless. */
const carried = (name: "withTokens" | "withCost") =>
  `coalesce((SELECT d.${name} FROM session_digests d WHERE d.session = s.id), 0)`;
const WHOLE_HAS_OWN_TOKENS = `${HAS_TOKENS} AND coalesce(c.promptTokens + c.completionTokens, 0) = 0
    AND ${carried("withTokens")} = 0 AND ${statesTokens}`;
const WHOLE_COUNTS_COST = `${HAS_COST} AND coalesce(c.reportedNano, 0) = 0 AND ${carried("withCost")} = 0 AND ${statesCost("s")}`;
const WHOLE_IS_UNPRICED = `${WHOLE_HAS_OWN_TOKENS} AND ${carried("withCost")} = 0 AND NOT (${HAS_COST} AND ${statesCost("s")})`;

const nano = (row: "s" | "w") => `CAST(round(${row}.cost * 1e9) AS INTEGER)`;

/** What a session `s` counts itself: SQL of whether its tokens count, its cost, and whether that is missing. */
function ownSums(hasOwnTokens: string, countsCost: string, isUnpriced: string, ofCost: "s" | "w" = "s"): Sums {
  return {
    ...record(TOKENS, (name) => `iif(${hasOwnTokens}, s.${name}, 0)`),
    costNano: `iif(${countsCost}, ${nano(ofCost)}, 0)`,
    reportedNano: `iif(${countsCost} AND ${ofCost}.costSource = 'reported', ${nano(ofCost)}, 0)`,
    unpricedTokens: `iif(${isUnpriced}, s.promptTokens + s.completionTokens, 0)`,
    unpricedSessions: isUnpriced,
  };
}

/** Tables of a statement, each of `at` (the number of a bucket), groups `g0`, `g1`, …, and figures. */
export interface UsageSources {
  /** The tables, in order. */
  readonly tables: readonly string[];
  /** SELECTs of the groups and {@link SUMS} that are to be summed up; the first one names its columns. */
  readonly parts: readonly string[];
}

/**
 * The sources of an answer. Where nothing is asked that only single messages know, the sums of whole sessions answer:
 * there are far fewer of them than rows of the roll-up.
 */
export function sourcesOf(shape: UsageShape): UsageSources {
  const groups = groupsOf(shape);
  const ofUnpriced = sourceSql("unpriced", groups, { unpricedMessages: "messages", unpricedTokens: "tokens" });
  const said = `SELECT ${["at", ...groups, ...SUMS].join(", ")} FROM said`;
  const tables = [`unpriced AS MATERIALIZED (${unpricedSql(shape)})`];
  const begun = sourceSql("begun", groups, { sessions: "sessions" });
  const counted = sourceSql(
    "counted",
    groups,
    record(OWN, (name) => name),
  );
  if (asksOnlySessions(shape)) {
    const sums = { ...record(SUMMED, (name) => name), sessions: "1" };
    return {
      tables: [
        ...tables,
        `stretches AS MATERIALIZED (SELECT rowid AS at, value ->> 1 AS start, value ->> 2 AS end FROM json_each({:buckets}))`,
        `whole AS MATERIALIZED (${wholeSql(shape)})`,
        `said AS MATERIALIZED (${saidSql(shape, "u.session IN (SELECT session FROM whole WHERE isElsewhere)")})`,
        `counted AS MATERIALIZED (${countedOfWhole(groups)})`,
      ],
      parts: [said, sourceSql("whole", groups, sums), counted, ofUnpriced],
    };
  }
  return {
    tables: [
      ...tables,
      `said AS MATERIALIZED (${saidSql(shape, sessionCondition(shape))})`,
      `begun AS MATERIALIZED (${begunSql(shape)})`,
      `counted AS MATERIALIZED (${countedSql(shape)})`,
    ],
    parts: [said, begun, counted, ofUnpriced],
  };
}

export const groupsOf = (shape: UsageShape) => shape.groupings.map((_, index) => `g${index}`);

/** Whether no figure depends on a model or on a moment within a session's time. */
function asksOnlySessions({ groupings, ofMessages, isOfAllTime }: UsageShape): boolean {
  const isOfSessions = groupings.length > 0 && groupings.every((name) => GROUPINGS[name].said.startsWith("p."));
  return isOfSessions && isOfAllTime && ofMessages.length === 0;
}

/** What a table adds to the sums. */
function sourceSql(table: string, groups: readonly string[], sums: Sums): string {
  return `SELECT ${["at", ...groups, ...columnsOf(sums)].join(", ")} FROM ${table}`;
}

const columnsOf = (sums: Sums) => SUMS.map((name) => sums[name] ?? "0");

const OWN_SUMS = ownSums(HAS_OWN_TOKENS, COUNTS_COST, IS_UNPRICED_SESSION);

const namedOwn = (sums: Sums) => OWN.map((name) => `${sums[name]} AS ${name}`);

/** Values with the names `g0`, `g1`, …, which they have in every table. */
const namedGroups = (values: readonly string[]) => values.map((value, index) => `${value} AS g${index}`);

const IN_BUCKET = (column: string) => `${column} >= b.value ->> 1 AND ${column} < b.value ->> 2`;

/** The roll-up in buckets `b`, with the sessions `p` of its rows where a grouping is by what only they say. */
function usageInBuckets(shape: UsageShape, index = ""): string {
  const usesPlace = shape.groupings.some((name) => GROUPINGS[name].said.startsWith("p."));
  const sessions = usesPlace ? " CROSS JOIN sessions p INDEXED BY sessions_by_id ON p.id = u.session" : "";
  return `json_each({:buckets}) b CROSS JOIN usage u${index}${sessions}`;
}

/** What was said in each bucket, in the sessions of a condition. */
function saidSql(shape: UsageShape, ofSessions: string): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].said);
  const columns = [
    "b.rowid AS at",
    ...namedGroups(values),
    ...columnsOf(SAID).map((sum, index) => `${sum} AS ${SUMS[index]}`),
  ];
  return `SELECT ${columns.join(", ")} FROM ${usageInBuckets(shape)}
  WHERE ${saidCondition(shape, "u.costSource <> 'copy'", ofSessions)} AND ${IN_BUCKET("u.slot")} GROUP BY ${["b.rowid", ...values].join(", ")}`;
}

/** Rows of the roll-up without a price. */
function unpricedSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].said);
  const columns = ["b.rowid AS at", ...namedGroups(values), "u.model, u.provider, u.messages"];
  return `SELECT ${columns.join(", ")}, u.promptTokens + u.completionTokens AS tokens FROM ${usageInBuckets(shape, " INDEXED BY usage_unpriced")}
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

/** Those of them that count with their own totals: mostly one look tells that a session does not. */
function countedSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].own);
  const columns = ["b.rowid AS at", ...namedGroups(values), "s.model, s.provider", ...namedOwn(OWN_SUMS)];
  return `SELECT ${columns.join(", ")} FROM ${SESSIONS_IN_BUCKETS} LEFT JOIN session_digests d ON d.session = s.id
  WHERE ${begunCondition(shape)} AND coalesce(min(d.withTokens, d.withCost), 0) = 0
    AND (${HAS_OWN_TOKENS} OR ${COUNTS_COST})`;
}

/**
 * Sessions by the bucket in which they began, with all that was said in them where it was said in that bucket. A session with anything in another bucket is taken apart by rows of the roll-up.
 */
function wholeSql(shape: UsageShape): string {
  const values = shape.groupings.map((name) => GROUPINGS[name].own);
  const sums = SUMMED.map((name) => `c.${name}`);
  const columns = [
    "b.at AS at",
    ...namedGroups(values),
    "s.id AS session, s.model, s.provider, s.cost, s.costSource",
    ...sums,
  ];
  return `SELECT ${columns.join(", ")}, ${WHOLE_HAS_OWN_TOKENS} AS hasOwnTokens,
    ${WHOLE_COUNTS_COST} AS countsCost, ${WHOLE_IS_UNPRICED} AS isUnpriced,
    c.session IS NULL AND EXISTS (SELECT 1 FROM session_usage x WHERE x.user = s.user AND x.session = s.id) AS isElsewhere
  FROM stretches b CROSS JOIN sessions s INDEXED BY sessions_begun
    LEFT JOIN session_usage c ON c.user = s.user AND c.session = s.id AND c.firstSlot >= b.start AND c.lastSlot < b.end
  WHERE ${shape.ofSessions} AND s.createdAt >= b.start AND s.createdAt < b.end`;
}

/** Those of them that count with their own totals; only for tokens by kind their rows are looked up. */
function countedOfWhole(groups: readonly string[]): string {
  const sums = ownSums("w.hasOwnTokens", "w.countsCost", "w.isUnpriced", "w");
  const columns = ["w.at", ...groups.map((name) => `w.${name}`), "w.model, w.provider", ...namedOwn(sums)];
  return `SELECT ${columns.join(", ")} FROM whole w LEFT JOIN sessions s ON w.hasOwnTokens AND s.id = w.session
  WHERE w.hasOwnTokens OR w.countsCost`;
}

/**
 * Which sessions of rows of the roll-up `u` count. A session that is deleted has usage until its content is gone, also
 * one that was taken from its owner for good.
 */
function sessionCondition(shape: UsageShape): string {
  return shape.isNarrowed
    ? `u.session IN (SELECT s.id FROM sessions s INDEXED BY sessions_newest WHERE ${shape.ofSessions})`
    : `u.session NOT IN (SELECT t.id FROM sessions t INDEXED BY sessions_trash
      WHERE t.user IN ({:user}, '') AND t.deletedAt > 0 AND t.purgeAt > 0)`;
}

/** Which rows of the roll-up `u` count. */
function saidCondition(shape: UsageShape, costSource: string, ofSessions = sessionCondition(shape)): string {
  const messages = shape.ofMessages.map((sql) => `(${sql.replace(/^s\./, "u.")})`);
  return ["u.user = {:user}", ofSessions, costSource, ...messages].join(" AND ");
}

/** Messages that are copies of a response that counts elsewhere. */
export function copiesSql(shape: UsageShape): string {
  const condition = saidCondition(shape, "u.costSource = 'copy'");
  return `SELECT coalesce(sum(u.messages), 0) FROM json_each({:buckets}) b CROSS JOIN usage u INDEXED BY usage_copies
    WHERE ${condition} AND ${IN_BUCKET("u.slot")}`;
}

function record<Name extends string>(names: readonly Name[], value: (name: Name) => string): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, string>;
}
