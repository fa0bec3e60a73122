// Every statement of searching, as text. Values are bound, the owner is part of each.

import { SESSION_JSON } from "../reading/session-json.ts";
import type { Filters } from "./filters.ts";

/**
 * Some blocks of a user's messages, those with the newest first, as `[block,newest],…`. Blocks from `tail` on are left out,
 * and those that have nothing as old as `until`.
 */
export const READ_BLOCKS = `SELECT coalesce(group_concat('[' || block || ',' || newest || ']'), '') AS blocks FROM (
  SELECT block, newest FROM search_blocks WHERE user = {:user} AND oldest <= {:until} AND block < {:tail}
  ORDER BY newest DESC, block DESC LIMIT {:limit} OFFSET {:offset})`;

/** Rows of messages that are in no block yet: above `upTo`, up to `last`; and the number of the user's blocks. */
export const READ_EXTENT = `SELECT p.blocksUpTo AS upTo, coalesce((SELECT max(rowid) FROM messages), 0) AS last,
    (SELECT count(*) FROM search_blocks WHERE user = {:user}) AS blocks
  FROM search_progress p WHERE p.id = 1`;

/** Names that are looked for beside a word. */
export const NAMES_OF_WORD = 8;

/** The names that hold a word, the most used ones first: sorted are never more than are wanted. */
const mostUsed = (word: string, limit: string | number) => `SELECT n.name FROM search_names n
    WHERE n.user = {:user} AND n.word = ${word} ORDER BY n.uses DESC, n.name LIMIT ${limit}`;

/** The names in code that hold one of the `words` (a JSON list), the most used ones: `name name …` by word, "" for none. */
export const READ_NAMES = `SELECT w.value AS word,
    coalesce((SELECT group_concat(name, ' ') FROM (${mostUsed("w.value", NAMES_OF_WORD)})), '') AS names
  FROM json_each({:words}) w`;

/**
 * The same for several words: names that hold more than one of them come first, since all words must be there. Compared
 * are the `most` most used names of each word.
 */
export const READ_SHARED_NAMES = `WITH words AS MATERIALIZED (SELECT DISTINCT value AS word FROM json_each({:words})),
compared AS MATERIALIZED (SELECT DISTINCT c.value AS name FROM words w
    CROSS JOIN json_each((SELECT json_group_array(name) FROM (${mostUsed("w.word", "{:most}")}))) c),
held AS MATERIALIZED (SELECT n.word, n.name, n.uses, count(*) OVER (PARTITION BY n.name) AS words
    FROM compared c CROSS JOIN words w
    CROSS JOIN search_names n ON n.user = {:user} AND n.word = w.word AND n.name = c.name)
SELECT w.word AS word, coalesce((SELECT group_concat(name, ' ') FROM (SELECT h.name FROM held h WHERE h.word = w.word
    ORDER BY h.words DESC, h.uses DESC, h.name LIMIT ${NAMES_OF_WORD})), '') AS names FROM words w`;

/**
 * The sessions that have messages matching the parameter `match` in some ranges of rows (`ranges`: a JSON list of
 * [first, last]), each with its newest match: `session, at, hit, hits, isPrompt`, sessions and hits by rowid. Left out are
 * the sessions `skipped` and those that were found by title, `titled`.
 * The plus keeps SQLite from going through all sessions of the user, by an index, for each one that was found.
 * @param isPrompt SQL that tells prompts from other messages, or 0 where they are one
 */
function matchesSql({ ofMessage, ofSession }: Filters, match: string, isPrompt: string): string {
  return `SELECT s.rowid AS session, h.createdAt AS at, h.hit, h.hits, h.isPrompt
FROM (
  SELECT m.session AS session, ${isPrompt} AS isPrompt, max(m.createdAt) AS createdAt, f.rowid AS hit, count(*) AS hits
  FROM json_each({:ranges}) r CROSS JOIN messages_fts f CROSS JOIN messages m ON m.rowid = f.rowid
  WHERE f.messages_fts MATCH ${match} AND f.rowid BETWEEN r.value ->> 0 AND r.value ->> 1
    AND m.user = {:user} AND m.removedAt = 0 AND m.createdAt <= {:until} AND ${ofMessage}
  GROUP BY 1, 2
) h CROSS JOIN sessions s ON s.id = h.session
WHERE +s.user = {:user} AND ${ofSession}
  AND s.rowid NOT IN (SELECT value FROM json_each({:skipped}))
  AND s.rowid NOT IN (SELECT value FROM json_each({:titled}))`;
}

/** Those sessions as `[session,at,hit,hits],…`, and how many messages match (`hits`). Bind also `match`. */
export function scanSql(filters: Filters): string {
  return `SELECT coalesce(group_concat('[' || session || ',' || at || ',' || hit || ',' || hits || ']'), '') AS found,
  coalesce(sum(hits), 0) AS hits FROM (${matchesSql(filters, "{:match}", "0")})`;
}

/** The sessions `found` (as {@link rankSql} has them) and `titled`, each once: as a JSON list, and how many. */
export const FOUND_SESSIONS = `SELECT json_group_array(session) AS sessions, count(*) AS count FROM (
  SELECT value ->> 0 AS session FROM json_each({:found}) UNION SELECT value FROM json_each({:titled}))`;

/**
 * The best of the sessions `found` (a JSON list of what {@link scanSql} gave for some ranges): those with a prompt that
 * matches `textMatch` first, then those with an answer, then the others; the newest match of the best kind first:
 * `[session,at,hit,hits,tier],…`. Bind also `limit` and the place after which they are wanted.
 */
export function rankSql(filters: Filters): string {
  return `WITH said AS MATERIALIZED (${matchesSql(filters, "{:textMatch}", "m.role = 'user'")}),
kinds AS (
  SELECT value ->> 0 AS session, value ->> 1 AS at, value ->> 2 AS hit, value ->> 3 AS hits, 3 AS tier
  FROM json_each({:found})
  UNION ALL SELECT session, at, hit, 0, iif(isPrompt, 1, 2) FROM said),
latest AS (SELECT session, tier, max(at) AS at, hit, sum(hits) AS hits FROM kinds GROUP BY session, tier),
best AS (SELECT session, min(tier) AS tier, at, hit, sum(hits) AS hits FROM latest GROUP BY session HAVING sum(hits) > 0)
SELECT coalesce(group_concat('[' || session || ',' || at || ',' || hit || ',' || hits || ',' || tier || ']'), '') AS found FROM (
  SELECT * FROM best WHERE (tier, -at, -session) > ({:afterTier}, -{:afterAt}, -{:afterSession})
  ORDER BY tier, at DESC, session DESC LIMIT {:limit})`;
}

/**
 * The sessions with a matching title that arrived last: how many (`count`), all of them as a JSON list (`sessions`), and
 * those that were active last (`shown`: `[session,updatedAt],…`), but for the `skipped` ones and those up to a place.
 */
export function titlesSql({ ofTitle }: Filters): string {
  return `WITH found AS MATERIALIZED (
  SELECT s.rowid AS session, s.updatedAt AS updatedAt
  FROM sessions_fts f CROSS JOIN sessions s ON s.rowid = f.rowid
  WHERE f.sessions_fts MATCH {:match} AND s.user = {:user} AND s.updatedAt <= {:until} AND ${ofTitle}
  ORDER BY f.rowid DESC LIMIT {:limit})
SELECT count(*) AS count, json_group_array(session) AS sessions, coalesce((
    SELECT group_concat('[' || session || ',' || updatedAt || ']', ',' ORDER BY updatedAt DESC, session DESC) FROM (
      SELECT session, updatedAt FROM found
      WHERE (updatedAt, session) < ({:afterAt}, {:afterSession})
        AND session NOT IN (SELECT value FROM json_each({:skipped}))
      ORDER BY updatedAt DESC, session DESC LIMIT {:shownLimit})), '') AS shown
FROM found`;
}

/** Sessions by their last activity, for searches that ask nothing of messages: `[session,updatedAt],…`. */
export function walkSql({ ofSession }: Filters): string {
  return `SELECT coalesce(group_concat(found), '') AS found FROM (
  SELECT '[' || s.rowid || ',' || s.updatedAt || ']' AS found FROM sessions s
  WHERE s.user = {:user} AND (s.updatedAt, s.rowid) < ({:until}, {:untilSession}) AND ${ofSession}
  ORDER BY s.updatedAt DESC, s.rowid DESC LIMIT {:limit})`;
}

/** Of the sessions `seen` (a JSON list of rowids) those that have anything that is not newer than `until`: `[session],…`. */
export const STILL_AHEAD = `SELECT coalesce(group_concat('[' || s.rowid || ']'), '') AS found
  FROM json_each({:seen}) x CROSS JOIN sessions s ON s.rowid = x.value
  WHERE s.user = {:user}
    AND (s.updatedAt <= {:until} OR (SELECT min(m.createdAt) FROM messages m WHERE m.session = s.id) <= {:until})`;

/** A text from shortly before a word on. */
const PIECE = "substr(x.text, max(1, instr(x.small, w.value) - 100), 800)";

/** Bytes of a text in which words are looked for. */
const MAX_TEXT = 200_000;

/**
 * What was said in the messages `hits` (a JSON list of rowids), where one of the words stands in it: for the first of
 * `words` (a JSON list, in small letters) that does. `rank` is there to choose by.
 */
export const READ_FOUND_TEXTS = `WITH x AS MATERIALIZED (
  SELECT m.rowid AS hit, m.textContent AS text, lower(substr(m.textContent, 1, ${MAX_TEXT})) AS small
  FROM json_each({:hits}) r CROSS JOIN messages m ON m.rowid = r.value WHERE +m.user = {:user})
SELECT x.hit AS hit, 'text' AS place, ${PIECE} AS text, min(w.key) AS rank
FROM x CROSS JOIN json_each({:words}) w WHERE instr(x.small, w.value) > 0 GROUP BY x.hit`;

/** The same of all texts inside their parts; what a tool was given comes before what it answered. */
export const READ_FOUND_PARTS = `WITH x AS MATERIALIZED (
  SELECT m.rowid AS hit, t.atom AS text, lower(substr(t.atom, 1, ${MAX_TEXT})) AS small,
    CASE p.value ->> 'type' WHEN 'text' THEN 0 WHEN 'thinking' THEN 3
      WHEN 'tool-result' THEN 2 WHEN 'tool_result' THEN 2
      ELSE iif(t.fullkey LIKE '$.content.result%', 2, 1) END AS place
  FROM json_each({:hits}) r CROSS JOIN messages m ON m.rowid = r.value
  CROSS JOIN jsonb_each(m.parts) p CROSS JOIN jsonb_tree(p.value, '$.content') t
  WHERE +m.user = {:user} AND t.type = 'text')
SELECT x.hit AS hit, ${PIECE} AS text, min(x.place * 1000 + w.key) AS rank,
  CASE x.place WHEN 0 THEN 'text' WHEN 1 THEN 'toolInput' WHEN 2 THEN 'toolOutput' ELSE 'thinking' END AS place
FROM x CROSS JOIN json_each({:words}) w WHERE instr(x.small, w.value) > 0 GROUP BY x.hit`;

/** The titles of the sessions `sessions` (a JSON list of rowids). */
export const READ_TITLES = `SELECT s.rowid AS session, iif(s.customTitle <> '', s.customTitle, s.title) AS title
  FROM json_each({:sessions}) r CROSS JOIN sessions s ON s.rowid = r.value WHERE s.user = {:user}`;

/** What is answered of a page of sessions: `page` is a JSON list of [session, hit, hits, place, snippet, marks]. */
const ON_PAGE = `FROM json_each({:page}) p CROSS JOIN sessions s ON s.rowid = p.value ->> 0
  LEFT JOIN messages m ON m.rowid = p.value ->> 1 AND m.user = {:user}
  WHERE s.user = {:user} ORDER BY p.key`;

/** Bind `page`, `user`, and what else the answer says: `cursor` ("" = none), `exactness` as JSON. */
export const ANSWER = `SELECT json_object('results', json(coalesce((SELECT json_group_array(json(result)) FROM (
  SELECT json_patch('{}', json_object('session', json(${SESSION_JSON}), 'matches', p.value ->> 2,
    'hit', iif(p.value ->> 3 = '', NULL, json_object('place', p.value ->> 3,
      'snippet', p.value ->> 4, 'marks', json(p.value -> 5),
      'messageId', m.id, 'externalId', m.externalId, 'role', m.role, 'createdAt', m.createdAt)))) AS result
  ${ON_PAGE})), '[]')), 'nextCursor', nullif({:cursor}, ''), 'exactness', json({:exactness})) AS json`;

/** The same in the shape of the first version. */
export const OLD_ANSWER = `SELECT json_object('results', json_group_array(json(result))) AS json FROM (
  SELECT json_patch('{}', json_object('id', s.id, 'externalId', s.externalId, 'source', s.source,
    'title', coalesce(nullif(s.customTitle, ''), nullif(s.title, '')), 'projectPath', nullif(s.projectPath, ''),
    'model', nullif(s.model, ''), 'totalTokens', s.promptTokens + s.completionTokens, 'cost', s.cost,
    'messageCount', s.messageCount, 'createdAt', s.createdAt)) AS result
  ${ON_PAGE})`;
