// What of a message is searchable, and in which column of the index.

/** The parts whose content is what a tool answered. */
const IS_RESULT = "p.value ->> 'type' IN ('tool-result', 'tool_result')";

/** The parts whose content is what a tool was asked; some old clients put the answer into the same part. */
const IS_CALL = "p.value ->> 'type' IN ('tool-call', 'tool_use')";
const IS_ANSWER = "t.fullkey LIKE '$.content.result%'";

/** Ids and states of calls are no words that anybody looks for; unique ones would only swell the index. */
const IS_LABEL = "t.path = '$.content' AND t.key IN ('id', 'status')";

/**
 * A SELECT of one row with the index's columns for a message. It must stay the same for every change of the index:
 * FTS5 with external content is damaged when a row is taken out with other words than it was put in with. Whoever
 * changes it rebuilds the index.
 * @param row `new` or `old` in a trigger, or an alias of `messages`
 */
export function searchColumns(row: string): string {
  const words = (condition: string) =>
    `(SELECT coalesce(group_concat(t.atom, ' '), '')
      FROM jsonb_each(${row}.parts) p CROSS JOIN jsonb_tree(p.value, '$.content') t
      WHERE t.type = 'text' AND ${condition})`;
  // Most messages have neither thoughts nor tools: one look at the text spares taking the parts apart.
  const when = (mark: string, condition: string) =>
    `CASE WHEN instr(${row}.parts, '${mark}') THEN ${words(condition)} ELSE '' END`;
  return `SELECT ${row}.rowid AS rowid, ${row}.user AS owner,
    CASE WHEN ${row}.textContent <> '' THEN ${row}.textContent
      ELSE ${when('"text"', "p.value ->> 'type' = 'text'")} END AS text,
    ${when('"thinking"', "p.value ->> 'type' = 'thinking'")} AS thinking,
    ${when('"tool', `${IS_CALL} AND NOT (${IS_LABEL}) AND NOT (${IS_ANSWER})`)} AS toolInput,
    ${when('"tool', `NOT (${IS_LABEL}) AND (${IS_RESULT} OR (${IS_CALL} AND ${IS_ANSWER}))`)} AS toolOutput`;
}
