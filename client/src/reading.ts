import type { CallOptions, SearchOptions } from "./client-options.ts";
import { type SearchAnswer, searchAnswerSchema } from "./contract/search.ts";
import {
  type Facets,
  facetsSchema,
  type SessionDetail,
  type SessionPage,
  sessionDetailSchema,
  sessionPageSchema,
} from "./contract/session-list.ts";
import { type Stats, statsSchema } from "./contract/stats.ts";
import { type Usage, usageSchema } from "./contract/usage.ts";
import type { OpenSyncClient } from "./opensync-client.ts";
import {
  type FacetsQuery,
  readQueryText,
  type SessionDetailQuery,
  type SessionPageQuery,
  type UsageQuery,
} from "./read-query.ts";

// What a key of scope `full` reads. Functions and no methods, so that the plugin, which only pushes, does not carry them.

/** A page of the user's sessions. */
export function readSessions(
  client: OpenSyncClient,
  query: SessionPageQuery = {},
  options: CallOptions = {},
): Promise<SessionPage> {
  return client.get(`/api/sessions${readQueryText(query)}`, sessionPageSchema, options);
}

/**
 * A session and a page of its messages.
 * @param id the server's or the agent's
 * @throws NotFoundError
 */
export function readSession(
  client: OpenSyncClient,
  id: string,
  query: SessionDetailQuery = {},
  options: CallOptions = {},
): Promise<SessionDetail> {
  return client.get(`/api/sessions/get${readQueryText({ id, ...query })}`, sessionDetailSchema, options);
}

/** How many sessions there are of each agent, model, project, device, branch, tag and status. */
export function readFacets(
  client: OpenSyncClient,
  query: FacetsQuery = {},
  options: CallOptions = {},
): Promise<Facets> {
  return client.get(`/api/sessions/facets${readQueryText(query)}`, facetsSchema, options);
}

/** Tokens and money, by time and by what they were used for. */
export function readUsage(client: OpenSyncClient, query: UsageQuery = {}, options: CallOptions = {}): Promise<Usage> {
  return client.get(`/api/usage${readQueryText(query)}`, usageSchema, options);
}

/** The first version's statistics of all time. */
export function readStats(client: OpenSyncClient, options: CallOptions = {}): Promise<Stats> {
  return client.get("/api/stats", statsSchema, options);
}

/**
 * The sessions in which something is found. Every text is a valid query.
 * @param query words, `"phrases"`, `begin*`, `-without`, `this OR that`, `agent:codex`, …
 */
export function searchSessions(
  client: OpenSyncClient,
  query: string,
  { signal, filter, sort, limit, cursor }: SearchOptions = {},
): Promise<SearchAnswer> {
  const path = `/api/search${readQueryText({ ...filter, v: "2", q: query, sort, limit, cursor })}`;
  return client.get(path, searchAnswerSchema, { signal });
}
