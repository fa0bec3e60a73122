// The last messages of the sessions that a search has found, for putting them before a model.

/** Messages of each session. */
const MESSAGES = 10;

/** Characters of one message: what was pasted into it can be a book. */
const MAX_LENGTH = 20_000;

/** Old clients put the text of a text part into an object. */
const PART_TEXT = `coalesce(iif(json_type(p.value, '$.content') = 'text', p.value ->> '$.content', NULL),
  p.value ->> '$.content.text', p.value ->> '$.content.content')`;

/** What was said in a message: its text parts, or its text where there are none. NULL where only tools were at work. */
const CONTENT = `substr(coalesce(
  (SELECT nullif(group_concat(${PART_TEXT}, char(10)), '') FROM jsonb_each(m.parts) p WHERE p.value ->> 'type' = 'text'),
  nullif(m.textContent, '')), 1, ${MAX_LENGTH})`;

/** The last messages in which something was said, of a session `s`. */
const LAST = `SELECT m.role AS role, m.createdAt AS createdAt, m.rowid AS row, ${CONTENT} AS content FROM messages m
  WHERE m.session = s.id AND m.user = {:user} AND m.removedAt = 0 AND ${CONTENT} IS NOT NULL
  ORDER BY m.createdAt DESC, m.rowid DESC LIMIT ${MESSAGES}`;

const SESSIONS = "json_each({:sessions}) x CROSS JOIN sessions s ON s.rowid = x.value AND s.user = {:user}";
const TITLE = "coalesce(nullif(s.customTitle, ''), nullif(s.title, ''))";

const MESSAGE = `json_object('role', said.role, 'content', said.content,
  'metadata', json_patch('{}', json_object('sessionId', s.id, 'sessionTitle', ${TITLE})))`;

/** `{messages, sessionCount}`, sessions in their order. Bind `sessions` (a JSON list of rowids) and `user`. */
export const CONTEXT_MESSAGES = `SELECT json_object(
  'messages', json('[' || coalesce(group_concat(nullif(list, ''), ',' ORDER BY place), '') || ']'),
  'sessionCount', count(*)) AS json
FROM (SELECT x.key AS place,
    (SELECT group_concat(${MESSAGE}, ',' ORDER BY said.createdAt, said.row) FROM (${LAST}) said) AS list
  FROM ${SESSIONS})`;

const LINE = "|| char(10) ||";

/** `{text, sessionCount}`: the same to read. Bind also `heading`. */
export const CONTEXT_TEXT = `SELECT json_object(
  'text', {:heading} ${LINE} char(10) || coalesce(group_concat(block, '' ORDER BY place), ''), 'sessionCount', count(*)) AS json
FROM (SELECT x.key AS place,
    '--- Session: ' || coalesce(${TITLE}, 'Untitled') || ' ---'
    ${LINE} 'Project: ' || coalesce(nullif(s.projectPath, ''), 'N/A')
    ${LINE} 'Model: ' || coalesce(nullif(s.model, ''), 'N/A') ${LINE} char(10)
    || coalesce((SELECT group_concat('[' || upper(said.role) || ']' ${LINE} said.content ${LINE} char(10), ''
      ORDER BY said.createdAt, said.row) FROM (${LAST}) said), '') AS block
  FROM ${SESSIONS})`;
