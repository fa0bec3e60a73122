// What became of a request, read from the stage before it is cleared.

/**
 * Numbers of valid items and of session rows that became different, and the id of the row of a request's only item.
 * Bind `stamp`.
 */
export const READ_OUTCOME = `SELECT
  (SELECT count(*) FROM temp.stage_sessions WHERE problem IS NULL) AS sessions,
  (SELECT count(*) FROM temp.stage_messages WHERE problem IS NULL) AS messages,
  (SELECT count(*) FROM temp.stage_touched t CROSS JOIN sessions s ON s.id = t.id WHERE s.syncedAt = {:stamp})
    AS changedSessions,
  coalesce((SELECT m.id FROM temp.stage_messages s CROSS JOIN temp.stage_touched t ON t.externalId = s.sessionExternalId
    CROSS JOIN messages m ON m.session = t.id AND m.externalId = s.externalId WHERE s.problem IS NULL LIMIT 1),
    (SELECT t.id FROM temp.stage_touched t LIMIT 1), '') AS rowId`;

/** How many items of the list name a message that an earlier one names. */
export const COUNT_REPEATED = `SELECT count(*) - (SELECT count(*) FROM (SELECT 1 FROM temp.stage_messages
  WHERE problem IS NULL GROUP BY sessionExternalId, externalId)) AS n FROM temp.stage_messages WHERE problem IS NULL`;

/** Number of message rows that became different, for a list that names some twice. Bind `stamp`. */
export const COUNT_CHANGED_MESSAGES = `SELECT count(DISTINCT m.rowid) AS n
FROM temp.stage_messages s CROSS JOIN temp.stage_touched t ON t.externalId = s.sessionExternalId
CROSS JOIN messages m ON m.session = t.id AND m.externalId = s.externalId
WHERE s.problem IS NULL AND m.syncedAt = {:stamp}`;

/** Where new rows go, and when the user's data last changed. Bind `user`. */
export const READ_POSITION = `SELECT
  coalesce((SELECT max(rowid) FROM sessions), 0) AS sessionRowid,
  coalesce((SELECT max(rowid) FROM messages), 0) AS messageRowid,
  coalesce((SELECT max(syncedAt) FROM sessions WHERE user = {:user}), 0) AS lastStamp`;
