import { facetsSchema, type ListedSession, listedSessionSchema, textExactnessSchema } from "@opensync/client";
import type PocketBase from "pocketbase";
import * as z from "zod/mini";
import { type ApiCall, callApi } from "../../lib/call-api.ts";
import { timeZone } from "../../lib/days.ts";
import type { SessionRow } from "../../lib/session-record.ts";
import type { FacetName, SessionFilters } from "./filters.ts";
import type { SessionPage } from "./session-list.ts";

const PAGE_SIZE = 60;

/** Rows come one by one out of a page, so that a list is never parsed deeper than it is shown. */
const pageSchema = z.object({
  sessions: z.array(listedSessionSchema),
  nextCursor: z.nullable(z.string()),
  total: z.exactOptional(z.number()),
  exactness: z.exactOptional(textExactnessSchema),
});

/**
 * The filters as parameters of everything that the server does with a list, which uses the same words. How far a text is
 * looked for is asked by lists alone: what works on all sessions finds all.
 */
export function queryOf({
  sort: _sort,
  order: _order,
  reach: _reach,
  ...filters
}: SessionFilters): NonNullable<ApiCall["query"]> {
  // A text may name days, too.
  const isByDay = [filters.from, filters.to, filters.q].some((value) => value !== undefined);
  return { ...filters, tz: isByDay ? timeZone() : undefined };
}

/**
 * Reads a page of the list.
 * @param cursor where it begins; null = the first one, which also says how many sessions match
 * @throws as `callApi`
 */
export async function readSessionPage(
  server: PocketBase,
  filters: SessionFilters,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<SessionPage> {
  const { sort, order, reach } = filters;
  const searchBackTo = reach === "all" ? 0 : undefined;
  const query = { ...queryOf(filters), searchBackTo, sort, order, limit: PAGE_SIZE, cursor: cursor ?? undefined };
  const page = await callApi(server, pageSchema, "/api/sessions", { query, signal });
  return { items: page.sessions.map(rowOf), next: page.nextCursor, total: page.total, exactness: page.exactness };
}

/**
 * How many sessions match.
 * @throws as `callApi`
 */
export async function countSessions(server: PocketBase, filters: SessionFilters): Promise<number> {
  const query = { ...queryOf(filters), limit: 1 };
  return (await callApi(server, pageSchema, "/api/sessions", { query })).total ?? 0;
}

/** Values of a facet with the number of sessions that have them, most frequent first. */
export interface FacetValues {
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Whether these are all. */
  readonly isComplete: boolean;
}

/**
 * The values of a facet among the sessions that the other filters let through.
 * @param text only values that contain it
 * @param searchBackTo how far the list's own text was looked for: the counts are of the sessions of the list
 * @throws as `callApi`
 */
export async function readFacetValues(
  server: PocketBase,
  filters: SessionFilters,
  facet: FacetName,
  text: string,
  searchBackTo: number | undefined,
  signal: AbortSignal,
): Promise<FacetValues> {
  const query = { ...queryOf(filters), searchBackTo, facet, find: text || undefined };
  const { facets } = await callApi(server, facetsSchema, "/api/sessions/facets", { query, signal });
  const { values, distinct } = facets[facet] ?? { values: [], distinct: 0 };
  return { values, isComplete: values.length === distinct };
}

/** A session of the server's list as the table shows it: what is absent there is empty here, as in records. */
function rowOf(session: ListedSession): SessionRow {
  const { tokens } = session;
  return {
    projectName: "",
    projectPath: "",
    device: "",
    gitBranch: "",
    model: "",
    parentExternalId: "",
    evalStatus: "",
    costSource: "",
    unpricedMessages: 0,
    durationMs: 0,
    archivedAt: 0,
    deletedAt: 0,
    ...session,
    title: session.title ?? "",
    customTitle: session.customTitle ?? "",
    tags: session.tags ?? null,
    tokensInput: tokens?.input ?? 0,
    tokensCacheRead: tokens?.cacheRead ?? 0,
    tokensCacheWrite: tokens?.cacheWrite ?? 0,
    tokensOutput: tokens?.output ?? 0,
    tokensReasoning: tokens?.reasoning ?? 0,
  };
}
