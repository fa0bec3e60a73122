// What of a message is searchable, and in which column of the index.

/** The column that a text inside a part belongs to. Old clients put a tool's answer into its call. */
const PLACE = `CASE p.value ->> 'type'
      WHEN 'text' THEN 'text' WHEN 'thinking' THEN 'thinking'
      WHEN 'tool-result' THEN 'toolOutput' WHEN 'tool_result' THEN 'toolOutput' WHEN 'tool-call' THEN 'toolInput'
      WHEN 'tool_use' THEN iif(t.fullkey LIKE '$.content.result%', 'toolOutput', 'toolInput') END`;

const words = (place: string) => `coalesce(group_concat(iif(${PLACE} = '${place}', t.atom, NULL), ' '), '')`;

/** Ids and states of calls are no words that anybody looks for; unique ones would only swell the index. */
const IS_LABEL = "t.path = '$.content' AND t.key IN ('id', 'status')";

/** The columns of the index, out of {@link textsOf}. */
function searchColumns(row: string): string {
  return `${row}.rowid AS rowid, ${row}.user AS owner,
    iif(${row}.textContent <> '', ${row}.textContent, ${words("text")}) AS text,
    ${words("thinking")} AS thinking, ${words("toolInput")} AS toolInput, ${words("toolOutput")} AS toolOutput`;
}

/** Joins all texts inside the parts of a message. Most messages say all in their text: one look spares taking parts apart. */
function textsOf(row: string): string {
  return `LEFT JOIN jsonb_each(iif(${row}.textContent = '' OR instr(${row}.parts, '"tool')
      OR instr(${row}.parts, '"thinking"'), ${row}.parts, NULL)) p
    LEFT JOIN jsonb_tree(p.value, '$.content') t ON t.type = 'text' AND NOT (${IS_LABEL})`;
}

/**
 * A SELECT of one row with the index's columns for the `new` or `old` row of a trigger. It is the same for every change
 * of the index: FTS5 with external content is damaged when a row is taken out with other words than it was put in
 * with. Whoever changes it fills the index anew, by 'delete-all' and an INSERT from the content: FTS5's own 'rebuild'
 * refuses a content that takes JSON apart.
 */
export function searchRow(row: "new" | "old"): string {
  return `SELECT ${searchColumns(row)} FROM (SELECT 1) ${textsOf(row)}`;
}

/** The same for all messages. */
export const SEARCH_CONTENT = `SELECT ${searchColumns("m")} FROM messages m ${textsOf("m")} GROUP BY m.rowid`;
