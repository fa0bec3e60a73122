import { CURATED_FLAGS, CURATED_TEXTS } from "../../sql/curated.ts";
import { GUESSABLE, STATED } from "../../sql/stated.ts";

// Statements that take in what an archive says of sessions beside what agents send. Values come as JSON lists.

const STATES = [...CURATED_TEXTS, ...CURATED_FLAGS, "tags", "deletedAt", "purgeAt", "guesses"];

export const CREATE_STATES = `CREATE TEMP TABLE IF NOT EXISTS archive_states (id INTEGER PRIMARY KEY, ${STATES.join(", ")})`;
export const CLEAR_STATES = "DELETE FROM temp.archive_states";

const textOf = (name: string) => `iif(json_type(o, '$.${name}') = 'text', o ->> '${name}', '')`;
const wholeOf = (name: string) =>
  `iif(json_type(o, '$.${name}') = 'integer', max(0, min(o ->> '${name}', ${Number.MAX_SAFE_INTEGER})), 0)`;

/** A list of texts, and nothing else in it. */
const TAGS = `CASE WHEN json_type(o, '$.tags') = 'array' THEN
    (SELECT nullif(json_group_array(value), '[]') FROM json_each(o, '$.tags') WHERE type = 'text') END`;

/** A session that enters the trash by an archive stays there for so long at least: an import ends nothing for good. */
const LEAST_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Notes what the archive says of sessions that are there and not in the trash. Bind `user`, `now`, `states`. */
export const STAGE_STATES = `INSERT OR IGNORE INTO temp.archive_states (id, ${STATES.join(", ")})
SELECT s.rowid, ${CURATED_TEXTS.map(textOf).join(", ")}, ${CURATED_FLAGS.map((name) => `${wholeOf(name)} = 1`).join(", ")}, ${TAGS},
  ${wholeOf("deletedAt")}, iif(${wholeOf("deletedAt")} > 0, max(${wholeOf("purgeAt")}, {:now} + ${LEAST_KEPT_MS}), 0), ${wholeOf("guesses")} & ${GUESSABLE}
FROM (SELECT iif(type = 'object', value, NULL) AS o FROM json_each({:states}) LIMIT -1)
CROSS JOIN sessions s ON s.user = {:user} AND s.externalId = o ->> 'externalId'
WHERE json_type(o) = 'object' AND s.deletedAt = 0`;

/** The objects `o` of a list that nobody has looked at; what is no JSON is told by ingest, which reads it too. */
const objectsOf = (list: string) =>
  `(SELECT iif(type = 'object', value, NULL) AS o FROM json_each(iif(json_valid({:${list}}), {:${list}}, '[]')) LIMIT -1)`;

const GUESSED_COLUMNS = ["createdAt", "updatedAt", "source", "projectName", "model", "device"] as const;

/**
 * What is a guess in the row and in the archive, and the same, is taken as stated while the archive comes in: else it
 * would be written, and written back by what follows. Bind `user`, `sessions`.
 */
export const HOLD_SESSIONS = `UPDATE sessions AS x SET stated = x.stated | ${GUESSED_COLUMNS.map((name) => `iif(o ->> '${name}' = x.${name}, ${STATED[name]}, 0)`).join(" | ")}
FROM ${objectsOf("sessions")}
WHERE x.user = {:user} AND x.externalId = o ->> 'externalId' AND x.deletedAt = 0 AND x.hash = 0
  AND x.stated & ${GUESSABLE} <> ${GUESSABLE}`;

/** The same for the times of messages. Bind `user`, `messages`. */
export const HOLD_MESSAGES = `UPDATE messages SET stated = stated | ${STATED.createdAt} WHERE rowid IN (
  SELECT m.rowid FROM ${objectsOf("messages")}
  CROSS JOIN sessions s ON s.user = {:user} AND s.externalId = o ->> 'sessionExternalId' AND s.deletedAt = 0
  CROSS JOIN messages m ON m.session = s.id AND m.externalId = o ->> 'externalId'
  WHERE m.hash = 0 AND m.createdAt = o ->> 'createdAt') AND NOT stated & ${STATED.createdAt}`;

// Rows are found by their ids on the stage: with a plus before `user`, no index of it leads through all of the account.
const IS_STAGED = "x.rowid IN (SELECT id FROM temp.archive_states) AND +x.user = {:user}";

const TAKEN = {
  ...Object.fromEntries(CURATED_TEXTS.map((name) => [name, `iif(s.${name} <> '', s.${name}, g.${name})`])),
  ...Object.fromEntries(CURATED_FLAGS.map((name) => [name, `max(s.${name}, g.${name})`])),
  ...{ tags: "coalesce(s.tags, g.tags)", deletedAt: "g.deletedAt", purgeAt: "g.purgeAt" },
};
const taken = Object.keys(TAKEN);

/**
 * What people added to sessions, where the row has nothing; and the trash, which a session enters with the time that it
 * had left. Bind `user`, `stamp`.
 */
export const TAKE_STATES = `UPDATE sessions AS x SET syncedAt = {:stamp}, ${taken.map((name) => `${name} = n.${name}`).join(", ")}
FROM (SELECT s.rowid AS id, ${Object.entries(TAKEN)
  .map(([name, value]) => `${value} AS ${name}`)
  .join(", ")}
  FROM temp.archive_states g CROSS JOIN sessions s ON s.rowid = g.id) n
WHERE ${IS_STAGED} AND x.rowid = n.id AND (${taken.map((name) => `n.${name} IS NOT x.${name}`).join(" OR ")})`;

/** What nobody had stated is a guess again; nobody sees a difference. Bind `user`. */
export const TAKE_STATED = `UPDATE sessions AS x SET stated = x.stated & ~g.guesses FROM temp.archive_states g
WHERE ${IS_STAGED} AND x.rowid = g.id AND x.stated & g.guesses`;

/** Sessions of which nothing but the id is left: their agents must not bring them back. Bind `user`, `tombstones`, `stamp`. */
export const TAKE_TOMBSTONES = `INSERT INTO sessions (user, externalId, source, deletedAt, syncedAt)
SELECT {:user}, o ->> 'externalId', ${textOf("source")}, ${wholeOf("deletedAt")}, {:stamp}
FROM (SELECT iif(type = 'object', value, NULL) AS o FROM json_each({:tombstones}) LIMIT -1)
WHERE json_type(o, '$.externalId') = 'text' AND octet_length(o ->> 'externalId') BETWEEN 1 AND 512
  AND ${wholeOf("deletedAt")} > 0
ON CONFLICT DO NOTHING`;

/** Times that nobody had stated are guesses again. Bind `user`, `messages`. */
export const TAKE_GUESSES = `UPDATE messages SET stated = stated & ~${STATED.createdAt} WHERE rowid IN (
  SELECT m.rowid FROM (SELECT iif(type = 'object', value, NULL) AS o FROM json_each({:messages}) LIMIT -1)
  CROSS JOIN sessions s ON s.user = {:user} AND s.externalId = o ->> 'sessionExternalId'
  CROSS JOIN messages m ON m.session = s.id AND m.externalId = o ->> 'externalId') AND stated & ${STATED.createdAt}`;
