import { MAX_ITEMS } from "./limits.ts";
import { sourceName } from "./session.ts";
import { STATED } from "./stated.ts";

// The sessions that a request touches, by its session items or by its messages.

/** Notes the sessions of the valid items, with what the messages say of them. */
export const TOUCH_SESSIONS = `INSERT INTO temp.stage_touched (externalId, firstPosition, source, device)
SELECT externalId, min(firstPosition), max(source), max(device) FROM (
  SELECT sessionExternalId AS externalId, position AS firstPosition, ${sourceName("source")} AS source, device
  FROM temp.stage_messages WHERE problem IS NULL
  UNION ALL SELECT externalId, NULL, NULL, NULL FROM temp.stage_sessions WHERE problem IS NULL
) GROUP BY externalId`;

/** Finds the rows of the touched sessions that are there. `changes` tells later whether messages changed. Bind `user`. */
export const RESOLVE_SESSIONS = `UPDATE temp.stage_touched AS t SET (id, deletedAt, changes) = (
  SELECT s.id, s.deletedAt, coalesce((SELECT d.changes FROM session_digests d WHERE d.session = s.id), 0)
  FROM sessions s WHERE s.user = {:user} AND s.externalId = t.externalId
) WHERE t.id IS NULL`;

/** Whether a touched session was deleted on the dashboard. */
export const COUNT_DELETED = "SELECT count(*) AS n FROM temp.stage_touched WHERE deletedAt > 0";

/** The problem of an item whose session was deleted on the dashboard. */
export const DELETED = "deleted on the dashboard; restore it there to sync again";

/** Refuses what belongs to a session that was deleted on the dashboard. */
export const REFUSE_DELETED = [
  `UPDATE temp.stage_sessions SET problem = '${DELETED}' WHERE problem IS NULL
    AND externalId IN (SELECT externalId FROM temp.stage_touched WHERE deletedAt > 0)`,
  `UPDATE temp.stage_messages SET problem = '${DELETED}' WHERE problem IS NULL
    AND sessionExternalId IN (SELECT externalId FROM temp.stage_touched WHERE deletedAt > 0)`,
  "DELETE FROM temp.stage_touched WHERE deletedAt > 0",
].join(";");

/** Makes the sessions that only messages speak of; all of it are guesses. Bind `user`, `device`, `stamp`, `now`, `rowid`. */
export const CREATE_MISSING_SESSIONS = `INSERT INTO sessions
  (rowid, id, user, externalId, source, device, createdAt, updatedAt, syncedAt, stated)
SELECT rowid, printf('%08x%07x', {:now} / 1000, rowid & 0xfffffff), {:user}, externalId,
  coalesce(nullif(source, ''), 'opencode'), coalesce(nullif(device, ''), {:device}), {:now}, {:now}, {:stamp},
  iif(source <> '', ${STATED.source}, 0) + iif(device <> '', ${STATED.device}, 0)
FROM (SELECT *, {:rowid} + ${MAX_ITEMS} + 1 + firstPosition AS rowid FROM temp.stage_touched
  WHERE id IS NULL AND firstPosition IS NOT NULL)
WHERE true ON CONFLICT (user, externalId) DO NOTHING`;

/** One end of a session's messages. */
const messageTime = (order: "ASC" | "DESC") =>
  `(SELECT m.createdAt FROM messages m WHERE m.session = s.id ORDER BY m.createdAt ${order} LIMIT 1)`;

const lastModel = `(SELECT m.model FROM messages m WHERE m.session = s.id AND m.model <> ''
    ORDER BY m.createdAt DESC, m.externalId DESC LIMIT 1)`;

const has = (name: keyof typeof STATED) => `s.stated & ${STATED[name]}`;
const createdAt = `iif(${has("createdAt")}, s.createdAt, coalesce(${messageTime("ASC")}, s.createdAt))`;

/** What is known of a session by its messages, where nobody stated it: column and SQL of its value. */
const GUESSES = {
  source: `iif(${has("source")} OR coalesce(t.source, '') = '', s.source, t.source)`,
  device: `iif(${has("device")} OR coalesce(t.device, '') = '', s.device, t.device)`,
  model: `iif(s.hash <> 0 OR ${has("model")}, s.model, coalesce(${lastModel}, ''))`,
  createdAt,
  updatedAt: `iif(${has("updatedAt")}, s.updatedAt, max(${createdAt}, coalesce(${messageTime("DESC")}, 0)))`,
  stated: `s.stated | iif(t.source <> '', ${STATED.source}, 0) | iif(t.device <> '', ${STATED.device}, 0)`,
};
const names = Object.keys(GUESSES);

/** Touched sessions of which something is a guess: those of old clients. */
export const COUNT_GUESSED = `SELECT count(*) AS n FROM temp.stage_touched t CROSS JOIN sessions s ON s.id = t.id
WHERE NOT ${has("createdAt")} OR NOT ${has("updatedAt")} OR (s.hash = 0 AND NOT ${has("model")})
  OR (t.source <> '' AND NOT ${has("source")}) OR (t.device <> '' AND NOT ${has("device")})`;

/** Guesses anew what nobody stated of the touched sessions. Bind `stamp`. */
export const GUESS_AGAIN = `UPDATE sessions AS x SET syncedAt = {:stamp}, ${names.map((name) => `${name} = g.${name}`).join(", ")}
FROM (SELECT s.id, ${Object.entries(GUESSES)
  .map(([name, value]) => `${value} AS ${name}`)
  .join(",\n  ")}
  FROM temp.stage_touched t CROSS JOIN sessions s ON s.id = t.id) g
WHERE x.id = g.id AND (${names.map((name) => `g.${name} IS NOT x.${name}`).join(" OR ")})`;
