import { copiesSql, groupsOf, SUMS, sourcesOf, type UsageShape } from "./usage-sources.ts";

const GROUP_JSON = `'sessions', sessions, 'messages', messages,
    'tokens', json_object('input', tokensInput, 'cacheRead', tokensCacheRead, 'cacheWrite', tokensCacheWrite,
      'cacheWrite1h', tokensCacheWrite1h, 'unsplitInput', promptTokens - tokensInput - tokensCacheRead - tokensCacheWrite,
      'output', completionTokens, 'reasoning', tokensReasoning, 'total', promptTokens + completionTokens),
    'cost', costNano / 1e9,
    'costs', json_object('reported', reportedNano / 1e9, 'computed', (costNano - reportedNano) / 1e9),
    'unpriced', json_object('messages', unpricedMessages, 'sessions', unpricedSessions, 'tokens', unpricedTokens)`;

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
