// How a field of an item on the wire is read out of its JSON, and what is said when it is not as expected.
// An item is a JSONB value in the column `item`; its fields are staged in columns of their own names.

/** Largest count or time: the largest integer that a JavaScript number holds exactly. */
const MAX_COUNT = Number.MAX_SAFE_INTEGER;

/** Largest cost in USD: more is a unit mistake. */
export const MAX_COST_USD = 1_000_000;

/** Longest id in UTF-8 bytes. */
const MAX_ID_BYTES = 512;

/** One thing that can be wrong with a field. */
export interface Check {
  /** SQL, true when the staged value is wrong. */
  readonly isWrong: string;
  /** SQL of the text that says so. */
  readonly text: string;
}

/** A field of an item. */
export interface Field {
  readonly name: string;
  /** SQL of its value in the JSON: a text, a number, or NULL when absent. */
  readonly value: string;
  /** What can be wrong with it, in the order in which it is told. */
  readonly checks: readonly Check[];
  /** SQL of its JSON text with all escapes as sent; only of fields that are stored as free text. */
  readonly json?: string;
}

/** A text. */
export function text(name: string): Field {
  return { ...field(name, "text", isNoText(name, `json_type(item, '$.${name}')`)), json: `item -> '$.${name}'` };
}

/** A text that must be there, of at most 512 bytes; an empty one counts as missing. */
export function id(name: string, missing: string, alias?: string): Field {
  const path = alias
    ? `CASE WHEN coalesce(item ->> '$.${name}', '') = '' THEN '$.${alias}' ELSE '$.${name}' END`
    : `'$.${name}'`;
  const bytes = `octet_length(${name})`;
  return {
    name,
    value: `item ->> (${path})`,
    json: `item -> (${path})`,
    checks: [
      { isWrong: `coalesce(${name}, '') = ''`, text: `'${missing}'` },
      {
        isWrong: isNoText(name, `json_type(item, ${path})`),
        text: `'${name}: expected text, got ' || ${shown(`item -> (${path})`)}`,
      },
      {
        isWrong: `${bytes} > ${MAX_ID_BYTES}`,
        text: `'${name}: expected at most ${MAX_ID_BYTES} bytes, got ' || ${bytes}`,
      },
    ],
  };
}

/** A text out of few. */
export function choice(name: string, options: readonly string[]): Field {
  const expected = `${options.slice(0, -1).join(", ")} or ${options.at(-1)}`;
  return field(name, expected, `${name} NOT IN (${options.map((option) => `'${option}'`).join(", ")})`);
}

/** A count or a time: a whole number; fractions are rounded when they are stored. */
export function count(name: string, alias?: string): Field {
  const [own, other] = [`item ->> '$.${name}'`, `item ->> '$.${alias}'`];
  const [ownType, otherType] = [`json_type(item, '$.${name}')`, `json_type(item, '$.${alias}')`];
  const value = alias ? `coalesce(${own}, ${other})` : own;
  const type = alias ? `coalesce(nullif(${ownType}, 'null'), ${otherType})` : ownType;
  return field(name, `a number from 0 to ${MAX_COUNT}`, isNoNumber(name, type, MAX_COUNT), value);
}

/** Money in USD. */
export function money(name: string): Field {
  const condition = isNoNumber(name, `json_type(item, '$.${name}')`, MAX_COST_USD);
  return field(name, `a number of USD from 0 to ${MAX_COST_USD}`, condition);
}

/** The kinds of tokens: member of `tokens` and column. */
export const TOKEN_KINDS = [
  ["input", "tokensInput"],
  ["cacheRead", "tokensCacheRead"],
  ["cacheWrite", "tokensCacheWrite"],
  ["cacheWrite1h", "tokensCacheWrite1h"],
  ["output", "tokensOutput"],
  ["reasoning", "tokensReasoning"],
] as const;

/** The object `tokens`: a column with its type, and one for each member. */
export function tokens(): Field[] {
  const type = field("tokens", "an object", "tokens <> 'object'", typeOf("tokens"));
  const kinds = TOKEN_KINDS.map(([member, column]): Field => {
    const path = `$.tokens.${member}`;
    const isWrong = isNoNumber(column, `json_type(item, '${path}')`, MAX_COUNT);
    const text = `'tokens.${member}: expected a number from 0 to ${MAX_COUNT}, got ' || ${shown(`item -> '${path}'`)}`;
    return { name: column, value: `item ->> '${path}'`, checks: [{ isWrong, text }] };
  });
  return [type, ...kinds];
}

/** A JSON value that is stored as it is: a column with its type only, it is read from the item when it is stored. */
export function data(name: string, type: "object" | "array"): Field {
  return field(name, `an ${type}`, `${name} <> '${type}'`, typeOf(name));
}

/**
 * A list of objects, or one object, whose members are texts.
 * @param members names of the members; one that may be absent ends with `?`
 */
export function records(name: string, type: "object" | "array", members: readonly string[]): Field {
  const list = type === "array" ? `'$.${name}'` : `'$'`;
  const element = type === "array" ? "1" : `e.key = '${name}'`;
  const isWrong = members.map((member) => {
    const key = member.replace("?", "");
    const allowed = member.endsWith("?") ? "IN ('text', 'null')" : "= 'text'";
    return `coalesce(json_type(e.value, '$.${key}'), 'null') ${allowed}`;
  });
  const wrong = `EXISTS (SELECT 1 FROM jsonb_each(item, ${list}) e WHERE ${element}
    AND NOT CASE WHEN e.type = 'object' THEN ${isWrong.join(" AND ")} ELSE 0 END)`;
  const shape = members.map((member) => `${member}: text`).join(", ");
  const expected = type === "array" ? `a list of objects {${shape}}` : `an object {${shape}}`;
  return field(name, expected, `${name} IS NOT NULL AND (${name} <> '${type}' OR ${wrong})`, typeOf(name));
}

/**
 * The list `parts`. Its staged column is the number of tool calls among the parts, -1 when a part is wrong, and NULL
 * when there is no list: one walk through the parts answers all three.
 */
export function parts(): Field {
  const isRight = (value: string) => `CASE WHEN p.type = 'object' THEN coalesce(json_type(${value}, '$.type') = 'text'
      AND json_type(${value}, '$.content') IS NOT NULL
      AND coalesce(json_type(${value}, '$.id'), 'null') IN ('text', 'null')
      AND coalesce(json_type(${value}, '$.meta'), 'null') IN ('object', 'null'), 0) ELSE 0 END`;
  const isCall = "CASE WHEN p.type = 'object' THEN p.part ->> '$.type' IN ('tool-call', 'tool_use') ELSE 0 END";
  // LIMIT keeps the part in a register; without it SQLite would copy it out of the item for each look.
  const walk = `(SELECT iif(min(${isRight("p.part")}) = 0, -1, coalesce(sum(${isCall}), 0))
      FROM (SELECT type, value AS part FROM jsonb_each(item, '$.parts') LIMIT -1) p)`;
  const firstWrong = `(SELECT 'parts[' || p.key || ']: expected an object {type: text, content, id?: text, meta?: object}, got '
      || ${shown("item -> ('$.parts[' || p.key || ']')")} FROM jsonb_each(item, '$.parts') p WHERE NOT ${isRight("p.value")} LIMIT 1)`;
  return {
    name: "parts",
    value: `CASE WHEN ${typeOf("parts")} = 'array' THEN ${walk} WHEN ${typeOf("parts")} IS NOT NULL THEN -2 END`,
    checks: [
      { isWrong: "parts = -2", text: `'parts: expected a list, got ' || ${shown("item -> '$.parts'")}` },
      { isWrong: "parts = -1", text: firstWrong },
    ],
  };
}

function field(name: string, expected: string, isWrong: string, value = `item ->> '$.${name}'`): Field {
  const text = `'${name}: expected ${expected}, got ' || ${shown(`item -> '$.${name}'`)}`;
  return { name, value, checks: [{ isWrong, text }] };
}

/** NULL when absent or null. */
function typeOf(name: string): string {
  return `nullif(json_type(item, '$.${name}'), 'null')`;
}

/** `->>` gives objects and lists as text too: what looks like one is looked at again in the JSON. */
function isNoText(name: string, type: string): string {
  return `${name} IS NOT NULL AND (typeof(${name}) <> 'text'
    OR (substr(${name}, 1, 1) IN ('{', '[') AND ${type} IN ('object', 'array')))`;
}

/** `->>` gives true and false as 1 and 0: those are looked at again in the JSON. 1e999 is JSON and would be infinite. */
function isNoNumber(name: string, type: string, max: number): string {
  return `${name} IS NOT NULL AND (typeof(${name}) = 'text' OR ${name} NOT BETWEEN 0 AND ${max}
    OR (${name} IN (0, 1) AND ${type} IN ('true', 'false')))`;
}

/** A value for an error text, cut short: enough to recognise it. */
function shown(json: string): string {
  return `iif(octet_length(${json}) > 60, substr(${json}, 1, 40) || '…', coalesce(${json}, 'nothing'))`;
}
