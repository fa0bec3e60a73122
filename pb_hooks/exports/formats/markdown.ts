import { messageBlocks } from "../blocks.ts";
import { FACTS, joined, LINE, oneLine, quoted, type SessionFormat, TITLE } from "./session-format.ts";

const PARAGRAPH = `${LINE} || ${LINE}`;

/** A fence that the text does not contain. */
const fence = (text: string) => `CASE WHEN instr(${text}, '\`\`\`') = 0 THEN '\`\`\`'
  WHEN instr(${text}, '\`\`\`\`\`') = 0 THEN '\`\`\`\`\`' ELSE '~~~~~~~~~~' END`;

/** A block of code. @param language of its contents, for readers that colour it */
function code(text: string, language: string): string {
  return `(SELECT f || ${quoted(language)} || ${LINE} || t || ${LINE} || f || ${PARAGRAPH}
    FROM (SELECT t, ${fence("t")} AS f FROM (SELECT ${text} AS t LIMIT -1)))`;
}

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
