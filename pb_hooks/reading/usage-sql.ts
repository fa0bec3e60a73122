import { copiesSql, groupsOf, SUMS, sourcesOf, type UsageShape } from "./usage-sources.ts";

/** Figures of a group, in the order in which an answer has them. */
const FIGURES: readonly (readonly [name: string, value: string | Readonly<Record<string, string>>])[] = [
  ["sessions", "sessions"],
  ["messages", "messages"],
  [
    "tokens",
    {
      ...{ input: "tokensInput", cacheRead: "tokensCacheRead", cacheWrite: "tokensCacheWrite" },
      cacheWrite1h: "tokensCacheWrite1h",
      unsplitInput: "promptTokens - tokensInput - tokensCacheRead - tokensCacheWrite",
      ...{ output: "completionTokens", reasoning: "tokensReasoning", total: "promptTokens + completionTokens" },
    },
  ],
  ["cost", usd("costNano")],
  ["costs", { reported: usd("reportedNano"), computed: usd("costNano - reportedNano") }],
  ["unpriced", { messages: "unpricedMessages", sessions: "unpricedSessions", tokens: "unpricedTokens" }],
];

/** SQL of a sum of money, written as JSON writes numbers. */
function usd(nano: string): string {
  return `json_quote((${nano}) / 1e9)`;
}

/**
 * SQL of the figures as the text of an object's members. There are thousands of groups, and all figures are numbers: one
 * format takes two thirds of the time that building objects as JSON takes.
 */
const FIGURES_TEXT = (() => {
  const values: string[] = [];
  const member = (name: string, value: string) => {
    values.push(value);
    return `"${name}":%s`;
  };
  const members = FIGURES.map(([name, value]) => {
    if (typeof value === "string") return member(name, value);
    const inner = Object.entries(value).map(([key, sql]) => member(key, sql));
    return `"${name}":{${inner.join(",")}}`;
  });
  return `format('${members.join(",")}', ${values.join(", ")})`;
})();

/** What has no price, by model, as JSON. */
const UNPRICED_MODELS = `SELECT json_group_array(json_object('model', model, 'provider', provider, 'messages', messages,
      'sessions', sessions, 'tokens', tokens) ORDER BY tokens DESC, messages DESC, model, provider)
    FROM (SELECT model, provider, sum(messages) AS messages, sum(sessions) AS sessions, sum(tokens) AS tokens FROM (
      SELECT model, provider, messages, 0 AS sessions, tokens FROM unpriced
      UNION ALL SELECT model, provider, 0, 1, unpricedTokens FROM counted WHERE unpricedSessions)
    GROUP BY model, provider)`;

/**
 * Usage as JSON: `{tz, by, from, to, totals, copies, unpricedModels, rows}`. Bind `user`, `tz`, `by` (a JSON list),
 * `from`, `to`, `buckets`, and what the conditions need.
 */
export function usageSql(shape: UsageShape): string {
  const names = [...(shape.unit === undefined ? [] : [shape.unit]), ...shape.groupings];
  const said = names.map((name, index) => `'"${name}":' || json_quote(${nameColumn(shape, index)}) || ','`);
  const row = ["'{'", ...said, FIGURES_TEXT, "'}'"].join(" || ");
  const order = ["g.at", "promptTokens + completionTokens DESC", ...groupsOf(shape)].join(", ");
  return `${withGroups(shape)}
SELECT '{"tz":' || json_quote({:tz}) || ',"by":' || {:by}
  || ',"from":' || coalesce(nullif({:from}, 0), 'null') || ',"to":' || coalesce(nullif({:to}, 0), 'null')
  || ',"totals":{' || (SELECT ${FIGURES_TEXT} FROM totals)
  || '},"copies":' || (${copiesSql(shape)})
  || ',"unpricedModels":' || (${UNPRICED_MODELS})
  || ',"rows":[' || (SELECT coalesce(group_concat(${row}, ',' ORDER BY ${order}), '')
    FROM (SELECT rowid AS place, value ->> 0 AS label FROM json_each({:buckets})) b CROSS JOIN merged g ON g.at = b.place)
  || ']}' AS json`;
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

/** The groups of each bucket in the table `merged`, and their sums in `totals`. */
function withGroups(shape: UsageShape): string {
  const { tables, parts } = sourcesOf(shape);
  const keys = ["at", ...groupsOf(shape)].join(", ");
  const sums = SUMS.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(", ");
  return `WITH ${tables.join(",\n")},
merged AS MATERIALIZED (
  SELECT ${keys}, ${sums}
  FROM (${parts.join("\n    UNION ALL ")}) GROUP BY ${keys}),
totals AS MATERIALIZED (SELECT ${sums} FROM merged)`;
}

function nameColumn(shape: UsageShape, index: number): string {
  if (shape.unit === undefined) return `g${index}`;
  return index === 0 ? "b.label" : `g${index - 1}`;
}
