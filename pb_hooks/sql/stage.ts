import type { Check, Field } from "./fields.ts";
import { MESSAGE_FIELDS, SESSION_FIELDS } from "./items.ts";

// A request is taken apart once, into tables in memory that belong to the one connection that writes. They are empty
// between requests: one that fails is rolled back, one that succeeds ends with CLEAR_STAGE.

/** A list of items on the wire. */
export type ListName = "sessions" | "messages";

const FIELDS: Readonly<Record<ListName, readonly Field[]>> = { sessions: SESSION_FIELDS, messages: MESSAGE_FIELDS };

/** SQL: whether a staged item has a hash. */
export const IS_SNAPSHOT = "hash >= 0.5";

/** Makes the stage on a connection that does not have it yet. */
export const CREATE_STAGE = `
CREATE TEMP TABLE IF NOT EXISTS stage_body (body BLOB);
CREATE TEMP TABLE IF NOT EXISTS stage_sessions_json (position INTEGER PRIMARY KEY, item BLOB);
CREATE TEMP TABLE IF NOT EXISTS stage_messages_json (position INTEGER PRIMARY KEY, item BLOB);
CREATE TEMP TABLE IF NOT EXISTS stage_known (position INTEGER PRIMARY KEY);
CREATE TEMP TABLE IF NOT EXISTS stage_sessions (
  position INTEGER PRIMARY KEY, problem TEXT, price REAL, wrong INTEGER, ${columns("sessions")}
);
CREATE TEMP TABLE IF NOT EXISTS stage_messages (
  position INTEGER PRIMARY KEY, problem TEXT, price REAL, wrong INTEGER, ${columns("messages")}
);
CREATE TEMP TABLE IF NOT EXISTS stage_touched (
  externalId TEXT PRIMARY KEY, firstPosition INTEGER, source TEXT, device TEXT,
  id TEXT, deletedAt INTEGER, changes INTEGER
) WITHOUT ROWID`;

export const CLEAR_STAGE = ["body", "sessions_json", "messages_json", "known", "sessions", "messages", "touched"]
  .map((table) => `DELETE FROM temp.stage_${table}`)
  .join(";");

/**
 * Takes in the body if it is JSON; JSON5, which SQLite would read too, is not. LIMIT keeps both functions on one copy of
 * the body: they then share the parsing of it too. Bind `body`.
 */
export const STAGE_BODY = `INSERT INTO temp.stage_body (body)
SELECT jsonb(d) FROM (SELECT {:body} AS d LIMIT -1) WHERE json_valid(d)`;

/** The shape of the body: its kind, those of its lists ("" when absent) and how many items they have. */
export const READ_SHAPE = `SELECT json_type(body) AS body, ${["sessions", "messages"]
  .map(
    (list) => `coalesce(nullif(json_type(body, '$.${list}'), 'null'), '') AS ${list},
  coalesce(json_array_length(body, '$.${list}'), 0) AS ${list}Count`,
  )
  .join(", ")} FROM temp.stage_body`;

/** The statements of one list. */
export interface ListStatements {
  /** Puts the items of a list of the body on the stage. */
  readonly stageList: string;
  /** Puts the body on the stage as the one item of a list. */
  readonly stageSingle: string;
  /** Reads the fields of the staged items that are not known to be stored already, and whether one is wrong. */
  readonly stageFields: string;
  /** What is on the stage: how many snapshots, partials, items that are wrong, and items without a role. */
  readonly countStaged: string;
  /** Says of each item that is not as expected what is wrong with it. Only where {@link countStaged} counted any: it is long. */
  readonly findProblems: string;
  /** Items that are not as expected, and why. */
  readonly readProblems: string;
  /** Texts whose JSON has escapes of NUL or of surrogates. */
  readonly readEscapedTexts: string;
}

export const STAGE: Readonly<Record<ListName, ListStatements>> = {
  sessions: statements("sessions"),
  messages: statements("messages"),
};

function statements(list: ListName): ListStatements {
  const items = `temp.stage_${list}_json`;
  const fields = `temp.stage_${list}`;
  return {
    stageList: `INSERT INTO ${items} (position, item)
SELECT e.key, iif(e.type = 'object', e.value, NULL) FROM temp.stage_body CROSS JOIN jsonb_each(body, '$.${list}') e`,
    stageSingle: `INSERT INTO ${items} (position, item)
SELECT 0, iif(json_type(body) = 'object', body, NULL) FROM temp.stage_body`,
    // The two LIMITs keep the two levels apart: each field is read once, and then checked where it is.
    stageFields: `INSERT INTO ${fields} (position, wrong, ${columns(list)})
SELECT position, ${isWrong(list)}, ${columns(list)} FROM (
  SELECT position, item, ${FIELDS[list].map(({ name, value }) => `${value} AS ${name}`).join(", ")}
  FROM ${items} ${list === "messages" ? "WHERE position NOT IN (SELECT position FROM temp.stage_known)" : ""} LIMIT -1
) LIMIT -1`,
    countStaged: `SELECT coalesce(sum(iif(${IS_SNAPSHOT}, 1, 0)), 0) AS snapshots,
  coalesce(sum(iif(${IS_SNAPSHOT}, 0, 1)), 0) AS partials, coalesce(sum(wrong), 0) AS wrong,
  ${list === "messages" ? "coalesce(sum(role IS NULL), 0)" : "0"} AS withoutRole
FROM ${fields}`,
    findProblems: `UPDATE ${fields} AS s SET problem = CASE WHEN item IS NULL THEN 'expected an object'
  ${checks(list, ({ isWrong, text }) => `WHEN ${isWrong} THEN ${text}`).join("\n")} END
FROM ${items} i WHERE i.position = s.position`,
    readProblems: `SELECT position, problem, coalesce(CAST(externalId AS TEXT), '') AS externalId
FROM ${fields} WHERE problem IS NOT NULL`,
    readEscapedTexts: `SELECT position, name, json FROM (${escapableTexts(list).join("\nUNION ALL ")})
WHERE instr(json, '\\ud') OR instr(json, '\\uD') OR instr(json, '\\u0000')`,
  };
}

function checks(list: ListName, write: (check: Check) => string): string[] {
  return FIELDS[list].flatMap(({ checks }) => checks.map(write));
}

function isWrong(list: ListName): string {
  return `CASE WHEN item IS NULL OR ${checks(list, ({ isWrong }) => `(${isWrong})`).join(" OR ")} THEN 1 ELSE 0 END`;
}

function escapableTexts(list: ListName): string[] {
  const staged = `FROM temp.stage_${list} s CROSS JOIN temp.stage_${list}_json i ON i.position = s.position`;
  return FIELDS[list].flatMap(({ name, json }) =>
    json ? [`SELECT s.position, '${name}' AS name, ${json} AS json ${staged} WHERE typeof(s.${name}) = 'text'`] : [],
  );
}

/** Replaces texts of one field. Bind `texts`: a JSON list of [position, text]. */
export function replaceTexts(list: ListName, name: string): string {
  return `UPDATE temp.stage_${list} AS s SET ${name} = t.text
FROM (SELECT e.value ->> 0 AS position, e.value ->> 1 AS text FROM json_each({:texts}) e LIMIT -1) t
WHERE s.position = t.position`;
}

function columns(list: ListName): string {
  return FIELDS[list].map(({ name }) => name).join(", ");
}
