import { messageBlocks } from "../blocks.ts";
import { FACTS, isoTime, joined, LINE, oneLine, type SessionFormat, TITLE } from "./session-format.ts";

const RULE = `'${"=".repeat(80)}' || ${LINE}`;

/** SQL of the head: the title, and facts as {@link FACTS}. */
export function headOf(facts: typeof FACTS): string {
  const lines = facts.map(
    ([label, value]) => `coalesce('${label.toUpperCase()}: ' || nullif(${oneLine(value)}, '') || ${LINE}, '')`,
  );
  return joined(RULE, `'TITLE: ' || ${oneLine(TITLE)} || ${LINE}`, ...lines, RULE, LINE);
}

/** Plain text: rules of 80 characters, and each message under its time and role. */
export const TEXT: SessionFormat = {
  contentType: "text/plain; charset=utf-8",
  ending: "txt",
  head: headOf(FACTS),
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
