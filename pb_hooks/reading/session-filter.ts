import { containsSql, patternOf } from "../lib/any-case.ts";
import type { Parameters } from "../lib/parameters.ts";
import type { Bindings } from "../lib/vm.ts";
import { MAX_COST_USD } from "../sql/fields.ts";
import { readPeriod } from "./period.ts";
import { Zone } from "./zone.ts";

// One language for every list of sessions: parameters of an address, and the condition they stand for.

/** What sessions are chosen by from a list of values, and the column (of `sessions s`) behind it. */
export const CHOICES = [
  { name: "agent", column: "s.source" },
  { name: "model", column: "s.model" },
  { name: "provider", column: "s.provider" },
  { name: "project", column: "s.projectName" },
  { name: "device", column: "s.device" },
  { name: "branch", column: "s.gitBranch" },
  { name: "costSource", column: "s.costSource" },
  { name: "evalStatus", column: "s.evalStatus" },
] as const;
type ChoiceName = (typeof CHOICES)[number]["name"];

const STATUS_NAMES = ["active", "archived", "deleted"] as const;

/** What each status means; of a deleted session, whose content is there until `purgeAt`, only the id stays after that. */
const STATUSES: Readonly<Record<(typeof STATUS_NAMES)[number], string>> = {
  active: "s.deletedAt = 0 AND s.archivedAt = 0",
  archived: "s.deletedAt = 0 AND s.archivedAt > 0",
  deleted: "s.deletedAt > 0 AND s.purgeAt > 0",
};

/** Names of what a filter consists of. Some have several parameters. */
export type FilterName = ChoiceName | "tag" | "status" | "period" | "rest" | "text";

/** A filter of sessions. */
export interface SessionFilter {
  /** SQL, true for the rows of `sessions s` that are let through; it begins with their owner. */
  readonly sql: string;
  /** Its values; names begin with `filter`, but for `user`. */
  readonly bindings: Bindings;
  /** The condition alone of everything that was asked for; `status` is always there. */
  readonly conditions: ReadonlyMap<FilterName, string>;
  /** The calendar of its dates. */
  readonly zone: Zone;
  /** Where a text is part of it. */
  readonly text?: FilteredText;
}

/** What answers say of a text that is part of their filter. */
interface FilteredText {
  /** JSON: whether everything was searched, and how far. */
  readonly exactness: string;
  /** All messages newer than this were searched, in epoch milliseconds; -1 = all there are. */
  readonly bound: number;
  /** Whether it was found in so few sessions that they are looked up, instead of walking past all others. */
  readonly isRare: boolean;
}

/** SQL of where the sessions of a filter are taken from, as `s`: an index, or the few in which its text was found. */
export function sessionsOf({ text }: SessionFilter, index: string): string {
  // With its statistics SQLite would take the index of another column for the conditions.
  return text?.isRare
    ? "json_each({:textSessions}) found CROSS JOIN sessions s NOT INDEXED ON s.rowid = found.value"
    : `sessions s INDEXED BY ${index}`;
}

/** SQL of the member of an answer that says how exact it is, where a text was asked for. Bind `exactness` then. */
export function exactnessMember({ text }: SessionFilter): string {
  return text ? ", 'exactness', json({:exactness})" : "";
}

/**
 * The filter that a request's parameters ask for. Of one parameter any value may match, all parameters must.
 * `agent` (or `source`), `model`, `provider`, `project`, `device`, `branch`, `tag`, `costSource`, `evalStatus`: values,
 * an empty one for "none". `status`: `active`, `archived`, `deleted`; without it all but deleted ones. `from`, `to`
 * (with `tz`): sessions that were at work in between. `minCost`, `maxCost` (USD, known costs only), `minTokens`,
 * `maxTokens`, `starred`, `evalReady`, `subagents` (`include`, `exclude`, `only`), `parent` (externalId), `title`.
 * @throws HttpError 400 for a malformed value
 */
export function sessionFilter(parameters: Parameters, user: string): SessionFilter {
  const bindings: Bindings = { user };
  const bind = (name: string, value: string | number) => {
    bindings[`filter${name}`] = value;
    return `{:filter${name}}`;
  };
  // A list inside JSON is looked into for each session; most filters name one value.
  const isOneOf = (column: string, name: string, [first = "", ...others]: readonly string[]) =>
    others.length === 0
      ? `${column} = ${bind(name, first)}`
      : `${column} IN (SELECT value FROM json_each(${bind(name, JSON.stringify([first, ...others]))}))`;

  const conditions = new Map<FilterName, string>();
  for (const { name, column } of CHOICES) {
    const values = readChoice(parameters, name);
    if (values.length > 0) conditions.set(name, isOneOf(column, name, values));
  }
  const tags = parameters.list("tag");
  if (tags.length > 0) {
    conditions.set("tag", `EXISTS (SELECT 1 FROM json_each(s.tags) t WHERE ${isOneOf("t.value", "tag", tags)})`);
  }
  conditions.set("status", statusCondition(parameters));
  const zone = Zone.read(parameters);
  const { from, to } = readPeriod(parameters, zone);
  const period: string[] = [];
  if (from > 0) period.push(`s.updatedAt >= ${bind("From", from)}`);
  if (to > 0) period.push(`s.createdAt < ${bind("To", to)}`);
  if (period.length > 0) conditions.set("period", period.join(" AND "));
  const rest = restConditions(parameters, bind);
  if (rest.length > 0) conditions.set("rest", rest.join(" AND "));
  return { sql: allOf(conditions), bindings, conditions, zone };
}

/** The condition of some of a filter's conditions; the owner is always part of it. */
export function allOf(conditions: ReadonlyMap<FilterName, string>, without: readonly FilterName[] = []): string {
  const kept = [...conditions].filter(([name]) => !without.includes(name)).map(([, sql]) => `(${sql})`);
  return ["s.user = {:user}", ...kept].join(" AND ");
}

function readChoice(parameters: Parameters, name: ChoiceName): string[] {
  if (name !== "agent") return parameters.list(name, { keepsEmpty: true });
  const agents = ["agent", "source"].flatMap((alias) => parameters.list(alias, { keepsEmpty: true }));
  // The name under which the first version's server kept it.
  return agents.map((agent) => (agent === "cursor-sync" ? "cursor" : agent));
}

function statusCondition(parameters: Parameters): string {
  const statuses = parameters.words("status", STATUS_NAMES);
  if (statuses.length === 0) return "s.deletedAt = 0";
  return [...new Set(statuses)].map((status) => `(${STATUSES[status]})`).join(" OR ");
}

function restConditions(parameters: Parameters, bind: (name: string, value: string | number) => string): string[] {
  const conditions: string[] = [];
  const bound = (
    name: "minCost" | "maxCost" | "minTokens" | "maxTokens",
    max: number,
    toSql: (value: string) => string,
  ) => {
    const value = parameters.decimal(name, { absent: -1, min: 0, max });
    if (value >= 0) conditions.push(toSql(bind(name, value)));
  };
  const isKnown = "s.costSource IN ('reported', 'computed')";
  bound("minCost", MAX_COST_USD, (value) => `${isKnown} AND s.cost >= ${value}`);
  bound("maxCost", MAX_COST_USD, (value) => `${isKnown} AND s.cost <= ${value}`);
  bound("minTokens", Number.MAX_SAFE_INTEGER, (value) => `s.promptTokens + s.completionTokens >= ${value}`);
  bound("maxTokens", Number.MAX_SAFE_INTEGER, (value) => `s.promptTokens + s.completionTokens <= ${value}`);
  for (const name of ["starred", "evalReady"] as const) {
    const flag = parameters.flag(name);
    if (flag !== undefined) conditions.push(`s.${name} = ${flag ? 1 : 0}`);
  }
  const subagents = parameters.oneOf("subagents", ["include", "exclude", "only"], "include");
  if (subagents !== "include") conditions.push(`s.parentExternalId ${subagents === "only" ? "<>" : "="} ''`);
  const parent = parameters.text("parent", 512);
  if (parent !== "") conditions.push(`s.parentExternalId = ${bind("parent", parent)}`);
  const title = parameters.text("title", 200);
  if (title !== "") {
    const pattern = bind("title", patternOf(title));
    const named = ["s.customTitle", "s.title"].map((column) => containsSql(column, title, pattern));
    conditions.push(`(${named.join(" OR ")})`);
  }
  return conditions;
}
