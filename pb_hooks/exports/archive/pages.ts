import { messagePage } from "../message-pages.ts";
import { IS_TOMBSTONE, MESSAGE_LINE, SESSION_LINE, STATE_LINE, TOMBSTONE_LINE } from "./lines.ts";

// A piece of an archive is either several whole sessions or a part of a large one.

/** Bytes of text and data after which a piece of whole sessions ends; a larger session is written in several pieces. */
const PIECE_BYTES = 512 * 1024;
const PIECE_MESSAGES = 500;
const PIECE_SESSIONS = 100;

const SIZE = `octet_length(m.textContent) + coalesce(octet_length(m.parts), 0) + coalesce(octet_length(m.meta), 0)`;

/** Of a row of `sessions s`. */
const WHOLE_SESSION = `iif(${IS_TOMBSTONE}, ${TOMBSTONE_LINE}, ${SESSION_LINE}
  || coalesce((SELECT group_concat(${MESSAGE_LINE}, '' ORDER BY m.createdAt, m.rowid) FROM messages m WHERE m.session = s.id), '')
  || ${STATE_LINE})`;

/** How many sessions and messages there are. Bind `user`. */
export const COUNT_ALL = `SELECT count(*) AS sessions,
  coalesce(sum((SELECT count(*) FROM messages m WHERE m.session = s.id)), 0) AS messages
FROM sessions s WHERE s.user = {:user}`;

/**
 * The next whole sessions, ordered by externalId, `last` being the last one: `{text, sessions, messages, last, large}`.
 * `large` is the id of the next session if it is too large to be written as a whole; then there is no text. Bind `user`, `after` (externalId).
 */
export const WHOLE_SESSIONS = `WITH next AS MATERIALIZED (
  SELECT s.id, s.externalId FROM sessions s WHERE s.user = {:user} AND s.externalId > {:after}
  ORDER BY s.externalId LIMIT ${PIECE_SESSIONS}),
sized AS MATERIALIZED (SELECT n.id, n.externalId,
    (SELECT count(*) FROM messages m WHERE m.session = n.id) AS messages,
    (SELECT coalesce(sum(${SIZE}), 0) FROM messages m WHERE m.session = n.id) AS bytes FROM next n),
summed AS MATERIALIZED (SELECT id, externalId, messages, sum(bytes) OVER win AS bytes, sum(messages) OVER win AS upTo
  FROM sized WINDOW win AS (ORDER BY externalId)),
piece AS MATERIALIZED (SELECT id, externalId, messages FROM summed WHERE bytes <= ${PIECE_BYTES} AND upTo <= ${PIECE_MESSAGES})
SELECT coalesce((SELECT group_concat(${WHOLE_SESSION}, '' ORDER BY p.externalId)
    FROM piece p CROSS JOIN sessions s ON s.id = p.id), '') AS text,
  count(*) AS sessions, coalesce(sum(messages), 0) AS messages, coalesce(max(externalId), (SELECT min(externalId) FROM next), '') AS last,
  iif(count(*) = 0, coalesce((SELECT id FROM next ORDER BY externalId LIMIT 1), ''), '') AS large FROM piece`;

/** Beginning and end of a session that is written in pieces: `{head, state}`. Bind `user`, `session`. */
export const LARGE_SESSION = `SELECT ${SESSION_LINE} AS head, ${STATE_LINE} AS state
FROM sessions s WHERE s.user = {:user} AND s.id = {:session}`;

export const LARGE_MESSAGES = messagePage(MESSAGE_LINE, "true");
