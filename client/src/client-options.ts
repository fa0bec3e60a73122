import type { FetchLike } from "./http/fetch-like.ts";
import type { RetryPolicy } from "./http/retry-policy.ts";
import type { Surroundings } from "./http/send.ts";
import type { SessionFilterQuery } from "./read-query.ts";

export interface OpenSyncClientOptions extends Partial<Surroundings> {
  /** Address of the server as a person typed it; see `normalizeUrl`. */
  readonly url: string;
  /** `os_…` or `osk_…`. Only `health` works without. */
  readonly apiKey?: string;
  /** Default: the runtime's own. */
  readonly fetch?: FetchLike;
  /** Default: `DEFAULT_RETRY_POLICY`; what is given replaces its member. */
  readonly retry?: Partial<RetryPolicy>;
}

export interface CallOptions {
  /** Ends the call at once; its reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListSessionsOptions extends CallOptions {
  /** Also what the server has of each, and which were deleted on the dashboard. */
  readonly digests?: boolean;
  /** Only sessions of this agent. */
  readonly source?: string;
  /** Only externalIds that sort after this one. */
  readonly after?: string;
  /** At most so many; absent: all. */
  readonly limit?: number;
}

export interface SearchOptions extends CallOptions {
  /** Which sessions may be found. */
  readonly filter?: SessionFilterQuery;
  /** Default: relevance. */
  readonly sort?: "relevance" | "newest";
  /** Sessions of one page, 1 to 100. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}
