import {
  cost,
  count,
  createdAt,
  document,
  MONEY_BITS,
  meta,
  SAYS_COST,
  SAYS_TOKENS,
  snapshotMarks,
  text,
  tokens,
} from "./columns.ts";
import { type Column, type Merge, statedBits, upsertPartials, upsertSnapshots, whole } from "./merge.ts";
import { STATED } from "./stated.ts";

/** The version of an item is its updatedAt; that of a row without hash, or that nobody gave a time, is 0. */
const ITEM_VERSION = `iif(excluded.stated & ${STATED.updatedAt}, excluded.updatedAt, 0)`;
const ROW_VERSION = `iif(sessions.hash <> 0 AND sessions.stated & ${STATED.updatedAt}, sessions.updatedAt, 0)`;
const isVersion = (operator: string) => `(${ITEM_VERSION} ${operator} ${ROW_VERSION})`;

/** The content: another one that is not older, or the same with more places masked. */
const REPLACES = `CASE WHEN excluded.hash <> sessions.hash THEN ${isVersion(">=")}
    ELSE excluded.redacted > sessions.redacted END`;

/**
 * What only a live observer knows: no part of the hash, never cleared by absence. Of an older snapshot it is taken only
 * where the row has none, so that a backfill that came first does not hide what was observed.
 */
function observed(name: string): Column {
  const snapshot = `iif(excluded.${name} <> '' AND (${isVersion(">=")} OR sessions.${name} = ''), excluded.${name}, sessions.${name})`;
  return { ...text("sessions", name), snapshot };
}

const GIT = ["gitRemote", "gitBranch", "gitCommit"].map(observed);

const isStated = (name: keyof typeof STATED, of = "excluded") => `(${of}.stated & ${STATED[name]})`;

/** Like the observed ones; the key's own device stands in until somebody states one. */
const device: Column = {
  name: "device",
  value: "coalesce(nullif(s.device, ''), {:device})",
  partial: `iif(${isStated("device")} OR sessions.device = '', excluded.device, sessions.device)`,
  snapshot: `CASE WHEN ${isStated("device")} AND (${isVersion(">=")} OR NOT ${isStated("device", "sessions")})
    THEN excluded.device WHEN sessions.device = '' THEN excluded.device ELSE sessions.device END`,
};

/** SQL of a source as it is stored. */
export function sourceName(value: string): string {
  return `iif(${value} = 'cursor-sync', 'cursor', ${value})`;
}

/** A stated source replaces the guess `opencode`; absence never brings the guess back. */
const source: Column = {
  name: "source",
  value: `coalesce(nullif(${sourceName("s.source")}, ''), 'opencode')`,
  partial: `iif(${isStated("source")}, excluded.source, sessions.source)`,
  snapshot: `iif(${isStated("source")} AND (${REPLACES} OR NOT ${isStated("source", "sessions")}), excluded.source, sessions.source)`,
};

/** The last part of a path, of either kind of system. */
function basename(path: string): string {
  const slashed = `rtrim(replace(${path}, '\\', '/'), '/')`;
  return `substr(${slashed}, 1 + length(rtrim(${slashed}, replace(${slashed}, '/', ''))))`;
}

/** The folder's name stands in until somebody states one. */
const projectName: Column = {
  name: "projectName",
  value: `coalesce(nullif(s.projectName, ''), ${basename("s.projectPath")}, '')`,
  partial: `CASE WHEN ${isStated("projectName")} THEN excluded.projectName
    WHEN ${isStated("projectName", "sessions")} OR excluded.projectPath = '' THEN sessions.projectName
    ELSE excluded.projectName END`,
};

/** A guess until somebody states one: see GUESS in touched.ts. */
const updatedAt: Column = {
  name: "updatedAt",
  value: whole("s.updatedAt"),
  partial: `CASE WHEN NOT ${isStated("updatedAt")} THEN sessions.updatedAt
    WHEN ${isStated("updatedAt", "sessions")} THEN max(excluded.updatedAt, sessions.updatedAt) ELSE excluded.updatedAt END`,
  snapshot: `iif(${isVersion(">")}, excluded.updatedAt, sessions.updatedAt)`,
};

/** What a client says replaces the sum of the messages: see sums.ts. */
const REPLACES_TOKENS = `(${isStated("tokens")} OR (${isStated("summedTokens", "sessions")} AND ${SAYS_TOKENS}))`;
const ENDED_SUMS = `(iif(${SAYS_TOKENS}, ${STATED.summedTokens}, 0)
    | iif(excluded.costSource = 'reported', ${STATED.summedCost}, 0))`;

const SUMS = STATED.summedTokens | STATED.summedCost;
const MONEY = STATED.tokens | STATED.priced | STATED.ownCost | STATED.cost | SUMS;
const CONTENT_BITS = STATED.createdAt | STATED.projectName | STATED.model | MONEY;
const stated: Column = {
  name: "stated",
  value: statedBits(
    [STATED.createdAt, "s.createdAt >= 0.5"],
    [STATED.tokens, "s.tokens IS NOT NULL"],
    [STATED.source, "s.source <> ''"],
    [STATED.updatedAt, "s.updatedAt >= 0.5"],
    [STATED.projectName, "s.projectName <> ''"],
    [STATED.model, "s.model <> ''"],
    [STATED.device, "s.device <> ''"],
    [STATED.cost, SAYS_COST],
    ...MONEY_BITS,
  ),
  partial: `(sessions.stated & ~${ENDED_SUMS}) | excluded.stated`,
  snapshot: `(iif(${REPLACES}, excluded.stated, sessions.stated) & ${CONTENT_BITS})
    | ((excluded.stated | sessions.stated) & ${STATED.source | STATED.device})
    | ((excluded.stated | iif(sessions.hash <> 0, sessions.stated, 0)) & ${STATED.updatedAt})`,
};

/** Why a session ended has no column; it goes to meta. */
const META = `CASE WHEN json_type(i.item, '$.endReason') = 'text'
    THEN json_set(coalesce(nullif(i.item -> 'meta', 'null'), '{}'), '$.endReason', i.item ->> 'endReason')
    ELSE nullif(i.item -> 'meta', 'null') END`;

const surroundings = [...GIT, device, source].map(({ name, snapshot }) => `${snapshot} IS NOT sessions.${name}`);

/** Stores the valid sessions of the stage. Bind `user`, `device`, `stamp`, `now`, `rowid`. */
const merge: Merge = {
  table: "sessions",
  key: "user, externalId",
  fixed: { user: "{:user}", externalId: "s.externalId" },
  columns: [
    source,
    ...["title", "projectPath"].map((name) => text("sessions", name)),
    projectName,
    ...GIT,
    device,
    ...["agentVersion", "model", "provider", "parentExternalId", "forkedFrom"].map((name) => text("sessions", name)),
    ...tokens("sessions", REPLACES_TOKENS),
    ...cost("sessions"),
    count("sessions", "durationMs"),
    createdAt("sessions", "{:now}", REPLACES),
    updatedAt,
    count("sessions", "archivedAt"),
    stated,
    ...snapshotMarks("sessions", REPLACES),
    document("sessions", "todos"),
    meta("sessions", META),
  ],
  replaces: REPLACES,
  isWritten: `sessions.hash = 0
    OR (excluded.hash <> sessions.hash AND ${isVersion(">=")})
    OR (excluded.hash = sessions.hash AND (excluded.redacted > sessions.redacted OR ${isVersion(">")}))
    OR ${surroundings.join("\n    OR ")}`,
  from: `FROM temp.stage_sessions s CROSS JOIN temp.stage_sessions_json i ON i.position = s.position
WHERE s.problem IS NULL`,
};

export const UPSERT_PARTIAL_SESSIONS = upsertPartials(merge);
export const UPSERT_SNAPSHOT_SESSIONS = upsertSnapshots(merge);
