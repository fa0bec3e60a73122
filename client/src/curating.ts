import type { CallOptions } from "./client-options.ts";
import {
  type BulkSessionsAnswer,
  type BulkSessionsRequest,
  bulkSessionsAnswerSchema,
  type CuratedSession,
  curatedSessionSchema,
  type DeleteSessionAnswer,
  deleteSessionAnswerSchema,
  type RestoreSessionAnswer,
  restoreSessionAnswerSchema,
  type SessionChanges,
} from "./contract/curation.ts";
import type { OpenSyncClient } from "./opensync-client.ts";
import { readQueryText } from "./read-query.ts";

// What people do to sessions, with a key of scope `full`. Functions and no methods, for the reason told in `reading.ts`.

/**
 * Changes what people add to a session.
 * @param id the server's or the agent's
 * @throws NotFoundError, DeletedError when it is in the trash
 */
export function changeSession(
  client: OpenSyncClient,
  id: string,
  changes: SessionChanges,
  options: CallOptions = {},
): Promise<CuratedSession> {
  const request = { method: "PATCH", path: sessionPath(id), body: JSON.stringify(changes) } as const;
  return client.call(request, curatedSessionSchema, options);
}

/** Puts a session into the trash for 30 days, with those of its sub-agents. @throws NotFoundError */
export function deleteSession(
  client: OpenSyncClient,
  id: string,
  options: CallOptions = {},
): Promise<DeleteSessionAnswer> {
  return client.call({ method: "DELETE", path: sessionPath(id) }, deleteSessionAnswerSchema, options);
}

/** Takes a session out of the trash, with what was deleted together with it. @throws NotFoundError */
export function restoreSession(
  client: OpenSyncClient,
  id: string,
  options: CallOptions = {},
): Promise<RestoreSessionAnswer> {
  const request = { method: "POST", path: `${sessionPath(id)}/restore`, body: "" } as const;
  return client.call(request, restoreSessionAnswerSchema, options);
}

/**
 * Does the same to many sessions.
 * @param filter parameters of `GET /api/sessions`, for `matching`
 */
export function changeSessions(
  client: OpenSyncClient,
  request: BulkSessionsRequest,
  { filter = {}, ...options }: CallOptions & { readonly filter?: Readonly<Record<string, string>> } = {},
): Promise<BulkSessionsAnswer> {
  const path = `/api/sessions/bulk${readQueryText(filter)}`;
  return client.call({ method: "POST", path, body: JSON.stringify(request) }, bulkSessionsAnswerSchema, options);
}

function sessionPath(id: string): string {
  return `/api/sessions/${encodeURIComponent(id)}`;
}
