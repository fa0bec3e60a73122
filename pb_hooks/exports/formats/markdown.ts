import { messageBlocks } from "../blocks.ts";
import { FACTS, isoTime, joined, LINE, quoted, type SessionFormat, TITLE } from "./session-format.ts";

const PARAGRAPH = `${LINE} || ${LINE}`;

/** A fence that the text does not contain. */
const fence = (text: string) => `CASE WHEN instr(${text}, '\`\`\`') = 0 THEN '\`\`\`'
  WHEN instr(${text}, '\`\`\`\`\`') = 0 THEN '\`\`\`\`\`' ELSE '~~~~~~~~~~' END`;

/** A block of code. @param language of its contents, for readers that colour it */
function code(text: string, language: string): string {
  return `(SELECT f || ${quoted(language)} || ${LINE} || t || ${LINE} || f || ${PARAGRAPH}
    FROM (SELECT t, ${fence("t")} AS f FROM (SELECT ${text} AS t LIMIT -1)))`;
}

const oneLine = (text: string) => `replace(replace(${text}, char(13), ''), ${LINE}, ' ')`;
const cell = (text: string) => `replace(${oneLine(text)}, '|', '\\|')`;

const facts = FACTS.map(
  ([label, value]) => `coalesce('| ${label} | ' || nullif(${cell(value)}, '') || ' |' || ${LINE}, '')`,
);

const ROLE = `CASE m.role WHEN 'user' THEN 'User' WHEN 'system' THEN 'System' WHEN 'tool' THEN 'Tool' ELSE 'Assistant' END`;

/** Markdown as people read it: the first version's headings, with tools. */
export const MARKDOWN: SessionFormat = {
  contentType: "text/markdown; charset=utf-8",
  ending: "md",
  head: joined(
    `'# ' || ${oneLine(TITLE)} || ${PARAGRAPH}`,
    `'| Property | Value |' || ${LINE} || '| --- | --- |' || ${LINE}`,
    ...facts,
    `${LINE} || '---' || ${PARAGRAPH}`,
  ),
  message: joined(
    `'## ' || ${ROLE} || ${PARAGRAPH}`,
    messageBlocks({
      text: (text) => `${text} || ${PARAGRAPH}`,
      thinking: (text) =>
        `'> *Thinking*' || ${LINE} || '>' || ${LINE} || '> ' || replace(${text}, ${LINE}, ${LINE} || '> ') || ${PARAGRAPH}`,
      call: (name, args) => `'**Tool: ' || ${name} || '**' || ${PARAGRAPH} || ${code(args, "json")}`,
      result: (output) => `'**Result:**' || ${PARAGRAPH} || ${code(output, "")}`,
      note: (label, text) => `'*' || ${label} || ':*' || ${PARAGRAPH} || ${code(text, "")}`,
    }),
    `iif(m.error IS NULL, '', '**Error: ' || (m.error ->> 'name') || '** ' || (m.error ->> 'message') || ${PARAGRAPH})`,
  ),
  foot: quoted(""),
};

/** Plain text: rules of 80 characters, and each message under its time and role. */
const RULE = `'${"=".repeat(80)}' || ${LINE}`;
const LABELS = FACTS.map(
  ([label, value]) => `coalesce('${label.toUpperCase()}: ' || nullif(${oneLine(value)}, '') || ${LINE}, '')`,
);

export const TEXT_HEAD = joined(RULE, `'TITLE: ' || ${oneLine(TITLE)} || ${LINE}`, ...LABELS, RULE, LINE);

export const TEXT: SessionFormat = {
  contentType: "text/plain; charset=utf-8",
  ending: "txt",
  head: TEXT_HEAD,
  message: joined(
    `'[' || ${isoTime("m.createdAt")} || '] ' || upper(m.role) || ':' || ${LINE}`,
    `coalesce(nullif(${messageBlocks({
      text: (text) => `${text} || ${LINE}`,
      thinking: (text) => `'(thinking) ' || ${text} || ${LINE}`,
      call: (name, args) => `'(tool ' || ${name} || ') ' || ${args} || ${LINE}`,
      result: (output) => `'(result) ' || ${output} || ${LINE}`,
      note: (label, text) => `'(' || lower(${label}) || ') ' || ${text} || ${LINE}`,
    })}, ''), '(empty)' || ${LINE})`,
    LINE,
  ),
  foot: joined(RULE, `'END SESSION' || ${LINE}`, RULE),
};
