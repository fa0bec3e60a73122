// Every statement of curation, as text. Chosen sessions are rows of a table in memory, so that one and ten thousand are
// the same statements; the owner is part of the choice and of every statement that writes.

import { CURATED_FLAGS, CURATED_TEXTS } from "../sql/curated.ts";

/** Sessions that one request may choose; what belongs to them (sub-agents' sessions) comes on top. */
export const MAX_CHOSEN = 10_000;

export const CREATE_CHOSEN = `CREATE TEMP TABLE IF NOT EXISTS chosen_sessions (id TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID`;
export const CLEAR_CHOSEN = "DELETE FROM temp.chosen_sessions";

/**
 * Chooses by ids, the server's own or the agents'; those of nobody's or somebody else's sessions choose nothing.
 * Bind `user`, `ids` (a JSON list).
 */
export const CHOOSE_BY_ID = `INSERT OR IGNORE INTO temp.chosen_sessions (id)
SELECT s.id FROM (SELECT {:ids} AS list) i CROSS JOIN json_each(i.list) e CROSS JOIN sessions s ON s.id = e.value
WHERE s.user = {:user}
UNION SELECT s.id FROM (SELECT {:ids} AS list) i CROSS JOIN json_each(i.list) e
CROSS JOIN sessions s ON s.user = {:user} AND s.externalId = e.value`;

/**
 * Chooses by a filter of sessions, a page at a time.
 * @param condition on `s`, with the owner in it. Bind its values and `after`, the externalId where the page before ended
 */
export function chooseMatching(condition: string): string {
  return `INSERT OR IGNORE INTO temp.chosen_sessions (id)
SELECT s.id FROM sessions s WHERE ${condition} AND s.externalId > {:after} ORDER BY s.externalId LIMIT ${MAX_CHOSEN}`;
}

/**
 * Also what was started by the chosen sessions, to any depth: a sub-agent's session is part of the one that started it.
 * Bind `user`.
 */
export const CHOOSE_DESCENDANTS = descendants("true");

/** The same, but only what went together with the session that started it. Bind `user`. */
export const CHOOSE_DELETED_TOGETHER = descendants("s.deletedAt = t.deletedAt");

function descendants(condition: string): string {
  return `INSERT OR IGNORE INTO temp.chosen_sessions (id)
WITH RECURSIVE tree (id, externalId, deletedAt) AS (
  SELECT s.id, s.externalId, s.deletedAt FROM temp.chosen_sessions c CROSS JOIN sessions s ON s.id = c.id
  UNION SELECT s.id, s.externalId, s.deletedAt FROM tree t CROSS JOIN sessions s
    ON s.user = {:user} AND s.parentExternalId = t.externalId AND s.parentExternalId <> '' AND ${condition})
SELECT id FROM tree`;
}

/** Greater than every earlier stamp of this user, see ingest. Bind `user`, `now`. */
export const READ_STAMP = `SELECT max({:now}, coalesce((SELECT max(syncedAt) FROM sessions WHERE user = {:user}), 0) + 1) AS stamp`;

/** Number of chosen sessions, the last one, and how many are in the trash, and gone for good. Bind `now`. */
export const COUNT_CHOSEN = `SELECT count(*) AS chosen, coalesce(max(s.externalId), '') AS last,
  coalesce(sum(s.deletedAt > 0 AND s.purgeAt > {:now}), 0) AS inTrash,
  coalesce(sum(s.deletedAt > 0 AND s.purgeAt <= {:now}), 0) AS gone
FROM temp.chosen_sessions c CROSS JOIN sessions s ON s.id = c.id`;

const IS_CHOSEN = "s.user = {:user} AND s.id IN (SELECT id FROM temp.chosen_sessions)";

/** Into the trash: the row keeps its content, its hash and its time, readers leave it out. Bind `user`, `stamp`. */
export const DELETE_CHOSEN = `UPDATE sessions AS s SET deletedAt = {:stamp}, syncedAt = {:stamp}
WHERE ${IS_CHOSEN} AND s.deletedAt = 0`;

/** Out of the trash, while the content is there. Bind `user`, `stamp`, `now`. */
export const RESTORE_CHOSEN = `UPDATE sessions AS s SET deletedAt = 0, syncedAt = {:stamp}
WHERE ${IS_CHOSEN} AND s.deletedAt > 0 AND s.purgeAt > {:now}`;

/** Ends the refusal of sessions whose content is gone: their agents may send them anew. Bind `user`. */
export const FORGET_CHOSEN = `DELETE FROM sessions AS s WHERE ${IS_CHOSEN} AND s.deletedAt > 0 AND s.purgeAt = 0`;

/** Lets the content go now. Bind `user`, `stamp`, `now`. */
export const PURGE_CHOSEN = `UPDATE sessions AS s SET purgeAt = {:now}, syncedAt = {:stamp},
  deletedAt = iif(s.deletedAt > 0, s.deletedAt, {:stamp})
WHERE ${IS_CHOSEN} AND (s.deletedAt = 0 OR s.purgeAt > {:now})`;

/** Tags are the stated ones or the stored, without the taken ones, with the added ones, in order. */
const TAGS = `(SELECT nullif(json_group_array(tag ORDER BY tag), '[]') FROM (
    SELECT value AS tag FROM json_each(coalesce(p.tags, s.tags, '[]'))
    WHERE value NOT IN (SELECT value FROM json_each(p.removeTags)) UNION SELECT value FROM json_each(p.addTags)))`;

const STATED = [...CURATED_TEXTS, ...CURATED_FLAGS, "tags", "addTags", "removeTags"] as const;
const NEW_VALUES: readonly (readonly [column: string, value: string])[] = [
  ...[...CURATED_TEXTS, ...CURATED_FLAGS].map((name) => [name, `coalesce(p.${name}, s.${name})`] as const),
  ["tags", TAGS],
];

/**
 * Changes what people add to sessions; null keeps what is there. A row that would stay the same is not written.
 * Bind `user`, `stamp`, and every column; `tags` (null = keep), `addTags` and `removeTags` (JSON lists).
 */
export const CHANGE_CHOSEN = `UPDATE sessions AS s SET syncedAt = {:stamp},
  ${NEW_VALUES.map(([name, value]) => `${name} = ${value}`).join(",\n  ")}
FROM (SELECT ${STATED.map((name) => `{:${name}} AS ${name}`).join(", ")}) p
WHERE ${IS_CHOSEN} AND s.deletedAt = 0
  AND (${NEW_VALUES.map(([name, value]) => `${value} IS NOT s.${name}`).join(" OR ")})`;

/** The most tags that one of the chosen sessions has. */
export const MOST_TAGS = `SELECT coalesce(max(json_array_length(s.tags)), 0) AS n
FROM temp.chosen_sessions c CROSS JOIN sessions s ON s.id = c.id`;

/** What people have added to a session, as the answer's JSON. Bind `user`, `id`. */
export const READ_CURATION = `SELECT json_object('id', s.id, 'externalId', s.externalId, 'customTitle', s.customTitle,
  'tags', json(coalesce(s.tags, '[]')), 'notes', s.notes, 'starred', json(iif(s.starred, 'true', 'false')),
  'evalReady', json(iif(s.evalReady, 'true', 'false')), 'evalStatus', s.evalStatus, 'evalNotes', s.evalNotes,
  'expectedOutput', s.expectedOutput, 'syncedAt', s.syncedAt) AS json
FROM sessions s WHERE s.user = {:user} AND (s.id = {:id} OR s.externalId = {:id})`;

/** Sessions whose time in the trash is over, oldest first. Bind `now`. */
const DUE = "s.purgeAt > 0 AND s.purgeAt <= {:now}";

/** Number of due sessions of a user, also of those given up by {@link DISOWN_ALL}. Bind `user`, `now`. */
export const COUNT_DUE = `SELECT (SELECT count(*) FROM sessions s WHERE s.user = {:user} AND ${DUE})
  + (SELECT count(*) FROM sessions s WHERE s.user = '' AND s.externalId >= {:user} || ' ' AND s.externalId < {:user} || '!'
    AND ${DUE}) AS n`;

/** Lets the content of all sessions of a user go, and keeps their ids. Bind `user`, `now`, `stamp`. */
export const PURGE_ALL = `UPDATE sessions AS s SET purgeAt = {:now}, syncedAt = {:stamp},
  deletedAt = iif(s.deletedAt > 0, s.deletedAt, {:stamp})
WHERE s.user = {:user} AND (s.deletedAt = 0 OR s.purgeAt > {:now})`;

/**
 * Takes all sessions away from a user, so that the next sync begins with none. What is in them goes bit by bit; until
 * then the rows belong to nobody, so nobody reads them. Bind `user`, `now`.
 */
export const DISOWN_ALL = `UPDATE sessions SET user = '', externalId = {:user} || ' ' || id, deletedAt = {:now}, purgeAt = {:now}
WHERE user = {:user}`;

/** The owners of a table's rows who have no account, one look into its index for each owner. */
const goneOwners = (table: string) => `WITH RECURSIVE owner (id) AS (
  SELECT min(t.user) FROM ${table} t WHERE t.user > ''
  UNION ALL SELECT (SELECT min(t.user) FROM ${table} t WHERE t.user > o.id) FROM owner o WHERE o.id IS NOT NULL)
SELECT o.id FROM owner o WHERE o.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users a WHERE a.id = o.id)`;

/** The same for sessions whose account is gone, whoever deleted it. Bind `now`. */
export const DISOWN_ORPHANS = `UPDATE sessions INDEXED BY sessions_external_id
SET externalId = user || ' ' || id, user = '', deletedAt = {:now}, purgeAt = {:now}
WHERE user IN (${goneOwners("sessions")})`;

/** What search has noted of the messages of an account, while they were going. */
export const FORGET_NAMES = `DELETE FROM search_names WHERE user IN (${goneOwners("search_names")})`;
export const FORGET_BLOCKS = `DELETE FROM search_blocks WHERE user IN (${goneOwners("search_blocks")})`;

/** Number of sessions and messages of a user. Bind `user`. */
export const COUNT_OWN = `SELECT count(*) AS sessions, coalesce(sum(messageCount), 0) AS messages
FROM sessions WHERE user = {:user} AND (deletedAt = 0 OR purgeAt > 0)`;

/** Bind `now`, `limit`. */
export const DELETE_DUE_MESSAGES = `DELETE FROM messages WHERE rowid IN (
  SELECT m.rowid FROM sessions s CROSS JOIN messages m ON m.session = s.id WHERE ${DUE} ORDER BY s.purgeAt LIMIT {:limit})`;

/** Chooses due sessions that have no message any more. Bind `now`, `limit`. */
export const CHOOSE_EMPTIED = `INSERT INTO temp.chosen_sessions (id)
SELECT s.id FROM sessions s WHERE ${DUE} AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.session = s.id)
ORDER BY s.purgeAt LIMIT {:limit}`;

export const FORGET_DIGESTS = "DELETE FROM session_digests WHERE session IN (SELECT id FROM temp.chosen_sessions)";

/** Columns that a tombstone keeps: whose it is, which session, of which agent, when it went. */
export const TOMBSTONE_COLUMNS = ["id", "user", "externalId", "source", "deletedAt", "syncedAt"];

const emptied = (names: readonly string[], value: string) => names.map((name) => `${name} = ${value}`);

/** What the others become. */
export const EMPTIED_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  "''": [
    ...["title", "projectPath", "projectName", "gitRemote", "gitBranch", "gitCommit", "device", "agentVersion"],
    ...["model", "provider", "parentExternalId", "forkedFrom", "costSource", "customTitle", "evalStatus"],
    ...["notes", "evalNotes", "expectedOutput"],
  ],
  "0": [
    ...["promptTokens", "completionTokens", "tokensInput", "tokensCacheRead", "tokensCacheWrite", "tokensCacheWrite1h"],
    ...["tokensOutput", "tokensReasoning", "cost", "durationMs", "createdAt", "updatedAt", "archivedAt", "hash"],
    ...[
      "redacted",
      "messageCount",
      "toolCallCount",
      "starred",
      "evalReady",
      "stated",
      "ownCost",
      "purgeAt",
      "unpricedMessages",
    ],
  ],
  NULL: ["tags", "todos", "meta"],
};

/** Empties the rows of the chosen sessions: what stays says only that there was one. */
export const LEAVE_TOMBSTONES = `UPDATE sessions SET ${Object.entries(EMPTIED_COLUMNS)
  .flatMap(([value, names]) => emptied(names, value))
  .join(", ")}
WHERE user <> '' AND id IN (SELECT id FROM temp.chosen_sessions)`;

/** Sessions without an owner leave nothing behind. */
export const DELETE_UNOWNED = "DELETE FROM sessions WHERE user = '' AND id IN (SELECT id FROM temp.chosen_sessions)";
