import type { FacetName } from "./contract/session-list.ts";
import type { UsageGrouping } from "./contract/usage.ts";

/** One value or several, of which any may match; "" means none. */
type Choice = string | readonly string[] | undefined;

/** What sessions are narrowed by, as parameters of `GET /api/sessions` and of everything that works on a selection. */
export interface SessionFilterQuery {
  readonly agent?: Choice;
  readonly model?: Choice;
  readonly provider?: Choice;
  readonly project?: Choice;
  readonly device?: Choice;
  readonly branch?: Choice;
  readonly tag?: Choice;
  readonly costSource?: Choice;
  readonly evalStatus?: Choice;
  /** `active`, `archived`, `deleted`; all but deleted ones if absent. */
  readonly status?: Choice;
  /** At work at this time or later: epoch milliseconds, or a date of the calendar of `tz`. */
  readonly from?: number | string | undefined;
  /** At work before this time; a date includes its whole day. */
  readonly to?: number | string | undefined;
  /** Time zone, such as Europe/Berlin; UTC if absent. */
  readonly tz?: string | undefined;
  /** USD. */
  readonly minCost?: number | undefined;
  readonly maxCost?: number | undefined;
  readonly minTokens?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly starred?: boolean | undefined;
  readonly evalReady?: boolean | undefined;
  readonly subagents?: "include" | "exclude" | "only" | undefined;
  /** The agent's id of the session that started them. */
  readonly parent?: string | undefined;
  /** Text in the title. */
  readonly title?: string | undefined;
}

/** A text beside the filters of a list. */
interface TextQuery {
  /** Only sessions that a search for it finds, in the language of searches. */
  readonly q?: string | undefined;
  /** `searchedBackTo` of another answer, for the same sessions; 0 for everything. The newest 5,000 matches if absent. */
  readonly searchBackTo?: number | undefined;
}

/** A page of sessions. */
export interface SessionPageQuery extends SessionFilterQuery, TextQuery {
  readonly sort?: "updated" | "created" | "tokens" | "cost" | "duration" | "messages" | undefined;
  readonly order?: "desc" | "asc" | undefined;
  /** 1 to 10,000; 50 if absent. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A page of a session's messages. */
export interface SessionDetailQuery {
  readonly status?: "active" | "deleted" | undefined;
  /** 0 to 5000; 1000 if absent. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** Counts of sessions. */
export interface FacetsQuery extends SessionFilterQuery, TextQuery {
  /** Which; all if absent. */
  readonly facet?: readonly FacetName[] | undefined;
  /** Text that values contain. */
  readonly find?: string | undefined;
  /** Values of each facet, 1 to 1000; 100 if absent. */
  readonly limit?: number | undefined;
}

/** Tokens and money. */
export interface UsageQuery extends SessionFilterQuery {
  /** One or two, at most one of them a time. */
  readonly by?: readonly UsageGrouping[] | undefined;
}

/** @returns `?a=1&b=2&b=3` of the values that are there; empty when none is */
export function readQueryText(query: object): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined).map((one) => [name, String(one)]),
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}
