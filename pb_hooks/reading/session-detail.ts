import { MESSAGE_JSON, WHOLE_SESSION_JSON } from "./session-json.ts";

/** Bytes of text and parts after which a page of messages ends; at least one message is on every page. */
const PAGE_BYTES = 8 * 1024 * 1024;

/**
 * The id of a session by its own id or its agent's. Bind `user`, `id`, `deleted` (1 = in the trash, 0 = not).
 */
export const FIND_SESSION = `SELECT id FROM (
  SELECT s.id, 0 AS rank, s.deletedAt, s.purgeAt FROM sessions s WHERE s.id = {:id} AND s.user = {:user}
  UNION ALL
  SELECT s.id, 1, s.deletedAt, s.purgeAt FROM sessions s WHERE s.user = {:user} AND s.externalId = {:id})
WHERE iif({:deleted}, deletedAt > 0 AND purgeAt > 0, deletedAt = 0) ORDER BY rank LIMIT 1`;

/**
 * A session and a page of its messages, oldest first, as the answer's JSON: `{session, messages, nextCursor}`. Sizes
 * are known without reading what they are the sizes of. Bind `user`, `session` (its own id), `afterTime`, `afterRow`
 * (the last message of the page before), `limit`.
 */
export const READ_SESSION = `WITH picked AS MATERIALIZED (
  SELECT m.rowid AS place, m.createdAt, octet_length(m.textContent) + coalesce(octet_length(m.parts), 0) AS bytes
  FROM messages m WHERE m.session = {:session} AND m.user = {:user} AND (m.createdAt, m.rowid) > ({:afterTime}, {:afterRow})
  ORDER BY m.createdAt, m.rowid LIMIT {:limit} + 1),
numbered AS MATERIALIZED (SELECT place, createdAt, row_number() OVER win AS n, sum(bytes) OVER win - bytes AS before
  FROM picked WINDOW win AS (ORDER BY createdAt, place)),
shown AS MATERIALIZED (SELECT place, createdAt, n FROM numbered WHERE n <= {:limit} AND before < ${PAGE_BYTES})
SELECT json_object(
  'session', (SELECT json(${WHOLE_SESSION_JSON}) FROM sessions s WHERE s.id = {:session} AND s.user = {:user}),
  'messages', (SELECT json_group_array(json(${MESSAGE_JSON}) ORDER BY p.n) FROM shown p CROSS JOIN messages m ON m.rowid = p.place),
  'nextCursor', iif((SELECT count(*) FROM picked) > (SELECT count(*) FROM shown),
    (SELECT createdAt || '|' || place FROM shown ORDER BY n DESC LIMIT 1), NULL)) AS json`;
