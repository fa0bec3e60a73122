import { sourceName } from "./session.ts";

const PAGE = `SELECT s.externalId, s.hash, s.deletedAt, d.messages, d.hashSum, d.unhashed
  FROM sessions s LEFT JOIN session_digests d ON d.session = s.id
  WHERE s.user = {:user} AND s.externalId > {:after} AND ({:source} = '' OR s.source = ${sourceName("{:source}")})
  ORDER BY s.externalId LIMIT {:limit}`;

/** The ids of a user's sessions as the answer's JSON. Bind `user`, `after`, `source` ("" = any), `limit` (-1 = all). */
export const LIST_SESSIONS = `SELECT json_object('sessionIds', json_group_array(externalId)) AS json FROM (${PAGE})`;

/** The same with what the server has of each session. */
export const LIST_DIGESTS = `SELECT json_object(
  'sessionIds', json_group_array(externalId),
  'digests', json_group_object(externalId,
    json_array(coalesce(messages, 0), coalesce(hashSum, 0), coalesce(unhashed, 0), hash)),
  'deleted', json_group_array(externalId) FILTER (WHERE deletedAt > 0)) AS json
FROM (${PAGE})`;

/** Hash and version of each message `m`, by externalId. */
const VERSIONS = "json_group_object(m.externalId, json_array(m.hash, m.updatedAt))";

const OF_SESSION = `FROM sessions s LEFT JOIN messages m ON m.session = s.id
WHERE s.user = {:user} AND s.externalId = {:id}`;

const HELD = `'messages', ${VERSIONS} FILTER (WHERE m.removedAt = 0)`;

/** Hashes and versions of the messages of a session that count in its digest, as the answer's JSON. Bind `user`, `id`. */
export const LIST_MESSAGES = `SELECT json_object(${HELD}) AS json ${OF_SESSION}`;

/** The same, with the messages that were removed in the agent's store and the session itself: all that a push may meet. */
export const LIST_VERSIONS = `SELECT json_object(${HELD},
  'removed', ${VERSIONS} FILTER (WHERE m.removedAt > 0),
  'session', json(iif(max(s.id) IS NULL, NULL, json_array(max(s.hash), max(s.updatedAt))))) AS json
${OF_SESSION}`;
