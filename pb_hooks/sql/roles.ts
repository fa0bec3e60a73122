/**
 * Refuses messages that are seen for the first time, here and earlier in the same list, and do not say who speaks.
 * Bind `user`.
 */
export const REFUSE_WITHOUT_ROLE = `UPDATE temp.stage_messages AS s
SET problem = 'role: required when a message is sent for the first time'
FROM (SELECT position, min(iif(role IS NULL, NULL, position))
    OVER (PARTITION BY sessionExternalId, externalId) AS firstWithRole
  FROM temp.stage_messages WHERE problem IS NULL) w
WHERE w.position = s.position AND s.role IS NULL AND s.problem IS NULL
  AND (w.firstWithRole IS NULL OR w.firstWithRole > s.position)
  AND NOT EXISTS (SELECT 1 FROM sessions x CROSS JOIN messages m ON m.session = x.id AND m.externalId = s.externalId
    WHERE x.user = {:user} AND x.externalId = s.sessionExternalId)`;
