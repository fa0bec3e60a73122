export { type BatchChunk, type ChunkLimits, chunkItems, type OversizeItem } from "./chunk.ts";
export type { CallOptions, ListSessionsOptions, OpenSyncClientOptions, SearchOptions } from "./client-options.ts";
export * from "./contract/account.ts";
export * from "./contract/api-key.ts";
export * from "./contract/archive.ts";
export * from "./contract/batch.ts";
export * from "./contract/curation.ts";
export * from "./contract/error-answer.ts";
export { explainIssues } from "./contract/explain.ts";
export * from "./contract/health.ts";
export * from "./contract/limits.ts";
export * from "./contract/message.ts";
export * from "./contract/money.ts";
export * from "./contract/part.ts";
export * from "./contract/part-contents.ts";
export * from "./contract/prices.ts";
export * from "./contract/search.ts";
export * from "./contract/session.ts";
export * from "./contract/session-list.ts";
export * from "./contract/session-messages.ts";
export * from "./contract/sessions-list.ts";
export * from "./contract/setup.ts";
export * from "./contract/stats.ts";
export * from "./contract/tokens.ts";
export * from "./contract/usage.ts";
export { changeSession, changeSessions, deleteSession, restoreSession } from "./curating.ts";
export { type ClientError, isClientError } from "./errors/client-error.ts";
export { ContractError } from "./errors/contract-error.ts";
export { DeletedError } from "./errors/deleted-error.ts";
export { InvalidKeyError } from "./errors/invalid-key-error.ts";
export { InvalidUrlError } from "./errors/invalid-url-error.ts";
export { MalformedRequestError } from "./errors/malformed-request-error.ts";
export { NetworkError } from "./errors/network-error.ts";
export { NotFoundError } from "./errors/not-found-error.ts";
export { isOpenSyncError, OpenSyncError } from "./errors/opensync-error.ts";
export { RateLimitedError } from "./errors/rate-limited-error.ts";
export { ScopeError } from "./errors/scope-error.ts";
export { TimeoutError } from "./errors/timeout-error.ts";
export { TooLargeError } from "./errors/too-large-error.ts";
export { UnavailableError } from "./errors/unavailable-error.ts";
export type { FetchAnswer, FetchInit, FetchLike } from "./http/fetch-like.ts";
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./http/retry-policy.ts";
export { OpenSyncClient } from "./opensync-client.ts";
export type {
  FacetsQuery,
  SessionDetailQuery,
  SessionFilterQuery,
  SessionPageQuery,
  UsageQuery,
} from "./read-query.ts";
export { readFacets, readSession, readSessions, readStats, readUsage, searchSessions } from "./reading.ts";
export { isConvexUrl, isInsecureUrl, normalizeUrl } from "./url.ts";
export { utf8Length } from "./utf8-length.ts";
