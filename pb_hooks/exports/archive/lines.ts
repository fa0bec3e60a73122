import { CURATED_FLAGS, CURATED_TEXTS } from "../../sql/curated.ts";
import { GUESSABLE, STATED } from "../../sql/stated.ts";

// The lines of an archive, in SQL of rows of `sessions s` and `messages m`. Sessions and messages are written as they
// travel on the wire, so that whatever takes them in from an agent takes them in from an archive too.

const LINE = "char(10)";
const text = (column: string) => `nullif(${column}, '')`;
const count = (column: string) => `nullif(${column}, 0)`;

/** Members of an object, without those that are absent, as text without its last brace. */
function opened(members: Readonly<Record<string, string>>): string {
  const object = Object.entries(members).map(([name, value]) => `'${name}', ${value}`);
  return `(SELECT substr(o, 1, length(o) - 1) FROM (SELECT json_patch('{}', json_object(${object.join(", ")})) AS o LIMIT -1))`;
}

/** JSON values as they are stored: in them null is data, so they must not go past json_patch. */
function documents(row: string, names: readonly string[]): string {
  return names.map((name) => `coalesce(',"${name}":' || ${row}.${name}, '')`).join(" || ");
}

const KINDS = ["Input", "CacheRead", "CacheWrite", "CacheWrite1h", "Output", "Reasoning"];

/**
 * Tokens and money as the agent or its client told them; the server's own prices and sums are the server's.
 * @param saysCost SQL: whether they told anything of the cost
 */
function money(row: string, saysCost: string): Record<string, string> {
  const hasKindsOrSum = `${row}.stated & ${STATED.tokens | STATED.summedTokens}`;
  const hasOwn = `${row}.stated & ${STATED.ownCost}`;
  const isReported = `${row}.costSource = 'reported'`;
  return {
    promptTokens: `iif(${hasKindsOrSum}, NULL, ${count(`${row}.promptTokens`)})`,
    completionTokens: `iif(${hasKindsOrSum}, NULL, ${count(`${row}.completionTokens`)})`,
    cost: `CASE WHEN ${isReported} THEN ${row}.cost WHEN ${hasOwn} THEN ${row}.ownCost END`,
    costSource: `CASE WHEN ${isReported} THEN 'reported' WHEN ${hasOwn} THEN 'computed'
      WHEN ${saysCost} THEN 'unknown' END`,
  };
}

/** The split by kind, with all of its zeros. */
function tokens(row: string): string {
  const members = KINDS.map((kind) => `'${kind[0]?.toLowerCase()}${kind.slice(1)}', ${row}.tokens${kind}`);
  return `iif(${row}.stated & ${STATED.tokens}, ',"tokens":' || json_object(${members.join(", ")}), '')`;
}

function columns(row: string, texts: readonly string[], counts: readonly string[]): Record<string, string> {
  const members = (names: readonly string[], value: (column: string) => string) =>
    names.map((name) => [name, value(`${row}.${name}`)] as const);
  return Object.fromEntries([...members(texts, text), ...members(counts, count)]);
}

/** `{"session": {…}}`: its fields on the wire. */
export const SESSION_LINE = `('{"session":' || ${opened({
  ...columns(
    "s",
    [
      ...[
        "externalId",
        "source",
        "title",
        "projectPath",
        "projectName",
        "gitRemote",
        "gitBranch",
        "gitCommit",
        "device",
      ],
      ...["agentVersion", "model", "provider", "parentExternalId", "forkedFrom"],
    ],
    ["durationMs", "createdAt", "updatedAt", "archivedAt", "hash", "redacted"],
  ),
  ...money("s", `s.stated & ${STATED.cost}`),
})} || ${tokens("s")} || ${documents("s", ["todos", "meta"])} || '}}' || ${LINE})`;

/** `{"message": {…}}`, with `"guessed": true` when nobody has stated its time. */
export const MESSAGE_LINE = `('{"message":' || ${opened({
  sessionExternalId: "(SELECT p.externalId FROM sessions p WHERE p.id = m.session)",
  ...columns(
    "m",
    ["externalId", "role", "textContent", "model", "provider", "agent", "responseId", "serviceTier"],
    ["durationMs", "createdAt", "updatedAt", "removedAt", "hash", "redacted"],
  ),
  ...money("m", "m.costSource <> ''"),
})} || ${tokens("m")} || ${documents("m", ["parts", "error", "meta"])} || '}'
  || iif(m.stated & ${STATED.createdAt}, '', ',"guessed":true') || '}' || ${LINE})`;

/** `{"state": {…}}`: what people added to a session, whether it is in the trash, and what of it is a guess. */
export const STATE_LINE = `('{"state":' || ${opened({
  externalId: "s.externalId",
  ...columns("s", CURATED_TEXTS, [...CURATED_FLAGS, "deletedAt", "purgeAt"]),
  tags: "json(s.tags)",
  guesses: `${count(`(~s.stated & ${GUESSABLE})`)}`,
})} || '}}' || ${LINE})`;

/** `{"tombstone": {…}}`: all that is left of a session whose content is gone for good. */
export const TOMBSTONE_LINE = `('{"tombstone":' || json_object('externalId', s.externalId, 'source', s.source,
  'deletedAt', s.deletedAt) || '}' || ${LINE})`;

/** Whether a row of `sessions s` is one. */
export const IS_TOMBSTONE = "s.deletedAt > 0 AND s.purgeAt = 0";
