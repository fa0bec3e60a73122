// The parts of a message as blocks of text, in SQL. The shapes are those of every client there ever was: a text may be a
// string or `{text}` or `{content}`, a tool's name and arguments and answers have several names.

/** How a format writes each kind of block: from SQL of its values to SQL of a text. */
export interface BlockWriter {
  text(text: string): string;
  thinking(text: string): string;
  /** @param args SQL of a text: the arguments as they are, or as indented JSON */
  call(name: string, args: string): string;
  result(output: string): string;
  /** Something beside the conversation: an attachment, changed files, a summary. */
  note(label: string, text: string): string;
}

/** A JSON value as a text: a string as it is, everything else as indented JSON. */
const shown = (json: string) => `iif(json_type(${json}) = 'text', ${json} ->> '$', json_pretty(${json}))`;

const said = (c: string) =>
  `iif(json_type(${c}) = 'text', ${c} ->> '$', coalesce(${c} ->> 'text', ${c} ->> 'content', ''))`;

/** Old clients name the same thing differently; a string is all there is. */
const member = (c: string, names: readonly string[], absent: string) =>
  `iif(json_type(${c}) = 'object', coalesce(${names.map((name) => `${c} -> '${name}'`).join(", ")}, ${absent}), ${c})`;

/** Where a text `t` names a tool and says its command behind it: `shell: ls`. */
const COLON = "instr(t, ': ')";

/** A tool call `j` of an old client that is a text: JSON inside of it, `shell: ls`, or the tool's name alone. */
const CALL_OF_TEXT = `(SELECT CASE WHEN CASE WHEN json_valid(t) THEN json_type(t) END = 'object' THEN t
    WHEN ${COLON} > 1 AND substr(t, 1, ${COLON} - 1) NOT GLOB '*[^A-Za-z0-9_.-]*'
      THEN json_object('name', substr(t, 1, ${COLON} - 1), 'args', substr(t, ${COLON} + 2))
    ELSE json_object('name', t) END FROM (SELECT j ->> '$' AS t LIMIT -1))`;

const TOOL_NAME = `iif(json_type(c) = 'object', coalesce(c ->> 'name', c ->> 'toolName', c ->> 'tool', 'Unknown Tool'), 'Unknown Tool')`;

/** Members of a call that are no arguments. */
const NOT_ARGS = ["id", "name", "toolName", "tool", "title", "status", "startedAt", "endedAt", "result"];
const REST = `json_remove(c, ${NOT_ARGS.map((name) => `'$.${name}'`).join(", ")})`;
const ARGS = shown(member("c", ["args", "arguments", "input"], REST));
const RESULT = shown(member("c", ["result", "output", "content"], "c"));

/**
 * SQL of a row of `messages m` as text: its parts in their order, and its readable text first where no part says it.
 * What a format does not show (steps, snapshots, data of an agent) is left out.
 */
export function messageBlocks(writer: BlockWriter): string {
  const blocks = `(SELECT group_concat(block, '' ORDER BY place) FROM (
    SELECT place, CASE type
      WHEN 'text' THEN ${block(said("c"), (text) => writer.text(text))}
      WHEN 'thinking' THEN ${block(said("c"), (text) => writer.thinking(text))}
      WHEN 'tool-call' THEN ${writer.call(TOOL_NAME, ARGS)}
      WHEN 'tool_use' THEN ${writer.call(TOOL_NAME, ARGS)}
        || coalesce(${block(shown("(c -> 'result')"), (text) => writer.result(text))}, '')
      WHEN 'tool-result' THEN ${writer.result(RESULT)}
      WHEN 'tool_result' THEN ${writer.result(RESULT)}
      WHEN 'file' THEN ${writer.note("'File'", "coalesce(c ->> 'filename', c ->> 'url', c ->> 'mime', '')")}
      WHEN 'patch' THEN ${writer.note("'Changed'", "coalesce(c ->> 'diff', (SELECT group_concat(f.value, char(10)) FROM json_each(c, '$.files') f), '')")}
      WHEN 'subtask' THEN ${writer.note("'Sub-agent'", "coalesce(c ->> 'prompt', '')")}
      WHEN 'compaction' THEN ${writer.note("'Compacted'", "coalesce(c ->> 'summary', '')")}
    END AS block
    FROM (SELECT place, type,
        iif(type IN ('tool-call', 'tool_use') AND json_type(j) = 'text', ${CALL_OF_TEXT}, j) AS c
      FROM (SELECT key AS place, value ->> 'type' AS type, value -> 'content' AS j FROM json_each(m.parts) LIMIT -1) LIMIT -1)))`;
  const isSaid = `EXISTS (SELECT 1 FROM json_each(m.parts) WHERE value ->> 'type' = 'text')`;
  return `(iif(m.textContent <> '' AND NOT ${isSaid}, ${writer.text("m.textContent")}, '') || coalesce(${blocks}, ''))`;
}

/** What was said in a row of `messages m`, without anything else: its texts joined by line breaks, else its readable text. */
export const SAID = `coalesce((SELECT group_concat(text, char(10) ORDER BY place) FROM (
    SELECT key AS place, ${said("(value -> 'content')")} AS text FROM json_each(m.parts)
    WHERE value ->> 'type' = 'text') WHERE text <> ''), m.textContent)`;

/** NULL for an empty text, so that it makes no block. */
function block(text: string, write: (text: string) => string): string {
  return `(SELECT ${write("t")} FROM (SELECT ${text} AS t LIMIT -1) WHERE t <> '')`;
}
