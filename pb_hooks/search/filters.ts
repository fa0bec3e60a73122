// Qualifiers as conditions of SQL, on sessions (s) and messages (m). Only our own pieces of text, values are bound.

import { containsSql, patternOf } from "../lib/any-case.ts";
import { parseTime } from "../lib/parameters.ts";
import type { Bindings } from "../lib/vm.ts";
import { momentIn } from "../reading/period.ts";
import type { SessionFilter } from "../reading/session-filter.ts";
import { Zone } from "../reading/zone.ts";
import type { Qualifier, QualifierName, SearchQuery } from "./query.ts";

/** The condition where nothing is asked. */
const ANY = "1";

/** Conditions to put after WHERE. */
export interface Filters {
  readonly ofSession: string;
  readonly ofMessage: string;
  /** For sessions that are found by their title; "0" when something is asked that only messages have. */
  readonly ofTitle: string;
  readonly bindings: Bindings;
}

/** Tool calls say their tool under two names: ours, and the one of early clients. */
const usesTool = (value: string) => `EXISTS (SELECT 1 FROM jsonb_each(m.parts) p
  WHERE p.value ->> 'type' IN ('tool-call', 'tool_use')
    AND lower(coalesce(p.value ->> '$.content.toolName', p.value ->> '$.content.name')) = lower(${value}))`;

/** A quotation mark inside a text is escaped in JSON, so these words are never part of one. */
const FAILED = `(coalesce(m.error, 'null') <> 'null'
  OR instr(coalesce(m.parts, ''), '"isError":true') > 0
  OR instr(coalesce(m.parts, ''), '"status":"error"') > 0)`;

interface Condition {
  readonly of: "session" | "message";
  readonly sql: (bound: string, text: string) => string;
  /** What it means for a session that is found by its title, where that is another question. */
  readonly ofTitle?: (value: string) => string;
}

const CONDITIONS: Readonly<Record<QualifierName, Condition>> = {
  agent: { of: "session", sql: (bound, text) => containsSql("s.source", text, bound) },
  model: { of: "session", sql: (bound, text) => containsSql("s.model", text, bound) },
  project: {
    of: "session",
    sql: (bound, text) =>
      `(${containsSql("s.projectName", text, bound)} OR ${containsSql("s.projectPath", text, bound)})`,
  },
  device: { of: "session", sql: (bound, text) => containsSql("s.device", text, bound) },
  branch: { of: "session", sql: (bound, text) => containsSql("s.gitBranch", text, bound) },
  tag: {
    of: "session",
    sql: (value) => `EXISTS (SELECT 1 FROM json_each(coalesce(s.tags, '[]')) t WHERE lower(t.value) = lower(${value}))`,
  },
  tool: { of: "message", sql: usesTool },
  role: { of: "message", sql: (value) => `m.role = lower(${value})` },
  is: { of: "message", sql: () => FAILED },
  before: { of: "message", sql: (value) => `m.createdAt < ${value}`, ofTitle: (value) => `s.createdAt < ${value}` },
  after: { of: "message", sql: (value) => `m.createdAt >= ${value}`, ofTitle: (value) => `s.updatedAt >= ${value}` },
};

function boundValue(name: QualifierName, value: string, zone: Zone): string | number {
  switch (name) {
    case "before":
    case "after":
      return momentIn(zone, value, parseTime(value) ?? 0);
    case "agent":
    case "model":
    case "project":
    case "device":
    case "branch":
      return patternOf(value);
    case "tag":
      // Kept in small letters of any script; SQLite knows only those of English.
      return value.toLowerCase();
    default:
      return value;
  }
}

/** What else is asked of the sessions that a search finds. */
interface Asked {
  /** The calendar of dates; that of UTC when absent. */
  readonly zone?: Zone;
  /** A filter of lists. */
  readonly sessions?: Pick<SessionFilter, "bindings" | "conditions">;
  /** Whether sessions in the trash are found too. */
  readonly hasTrash?: boolean;
}

/**
 * Of several qualifiers with one name any may hold (`agent:codex agent:opencode`), of excluded ones none. What is asked of
 * lists of sessions is asked of the found ones.
 */
export function filtersOf(
  qualifiers: readonly Qualifier[],
  { zone = Zone.utc(), sessions = { bindings: {}, conditions: new Map() }, hasTrash = false }: Asked = {},
): Filters {
  const bindings: Bindings = { ...sessions.bindings };
  const bound = qualifiers.map(({ name, value, isExcluded }, index) => {
    const key = `qualifier${index}`;
    bindings[key] = boundValue(name, value, zone);
    return { ...CONDITIONS[name], name, isExcluded, text: value, value: `{:${key}}` };
  });
  const all = (conditions: readonly (typeof bound)[number][], sqlOf: (one: (typeof bound)[number]) => string) => {
    const names = new Set(conditions.filter(({ isExcluded }) => !isExcluded).map(({ name }) => name));
    const wanted = [...names].map((name) => {
      const alternatives = conditions.filter((one) => one.name === name && !one.isExcluded).map(sqlOf);
      return `(${alternatives.join(" OR ")})`;
    });
    const unwanted = conditions.filter(({ isExcluded }) => isExcluded).map((one) => `NOT (${sqlOf(one)})`);
    return [ANY, ...wanted, ...unwanted].join(" AND ");
  };
  const ofMessages = bound.filter(({ of }) => of === "message");
  const ofQualifiers = all(
    bound.filter(({ of }) => of === "session"),
    ({ sql, value, text }) => sql(value, text),
  );
  // The owner is asked for by the statements themselves.
  const ofSession = [
    ...(hasTrash ? [] : ["s.deletedAt = 0"]),
    ...[ofQualifiers, ...[...sessions.conditions.values()].map((sql) => `(${sql})`)],
  ].join(" AND ");
  const onTitles = all(ofMessages, ({ ofTitle, value }) => ofTitle?.(value) ?? "0");
  const hasTitles = ofMessages.every(({ ofTitle }) => ofTitle !== undefined);
  return {
    ofSession,
    ofMessage: all(ofMessages, ({ sql, value, text }) => sql(value, text)),
    ofTitle: hasTitles ? `${ofSession} AND ${onTitles}` : "0",
    bindings,
  };
}

/** What a search is about: messages and titles, sessions alone (`agent:codex`), or nothing that could be looked for. */
export function subjectOf(
  { groups, excluded, qualifiers }: SearchQuery,
  { ofMessage }: Filters,
): "messages" | "sessions" | "nothing" {
  if (groups.length > 0 || excluded.length > 0 || ofMessage !== ANY) return "messages";
  return qualifiers.length > 0 ? "sessions" : "nothing";
}
