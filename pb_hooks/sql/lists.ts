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

/**
 * Hashes and versions of the messages of a session as the answer's JSON, without those removed in the agent's store,
 * which are no part of the digest either. Bind `user`, `id`.
 */
export const LIST_MESSAGES = `SELECT json_object('messages', json_group_object(m.externalId, json_array(m.hash, m.updatedAt)))
  AS json
FROM sessions s CROSS JOIN messages m ON m.session = s.id AND m.removedAt = 0
WHERE s.user = {:user} AND s.externalId = {:id}`;
