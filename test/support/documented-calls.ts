import { MAX_CHOSEN_SESSIONS } from "@opensync/client";
import type { Account } from "./account.ts";
import { checked, line } from "./archive.ts";
import type { DocumentedOperation } from "./openapi.ts";
import type { TestServer, TestUser } from "./server.ts";
import { setupToken } from "./setup-link.ts";

/** One request, and the status that it is answered with. */
export interface Call {
  readonly status: number;
  /** With the parameters filled in. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Default: the owner's key where a key is enough, else the owner's token. */
  readonly authorization?: string;
  /** Default: the server with data. */
  readonly server?: TestServer;
}

/** Who calls, and where. */
export interface Callers {
  /** With data of the owner. */
  readonly server: TestServer;
  /** Without accounts and without the plugin's package. */
  readonly fresh: TestServer;
  readonly owner: Account;
  readonly member: TestUser;
  /** A key of the owner that may only sync; one of the calls revokes it. */
  readonly syncKey: Pick<Account, "key" | "keyId">;
  /** Token of the administrator. */
  readonly administrator: string;
}

const LARGE = "x".repeat(9 * 1024 * 1024 + 1);

/** Requests for every documented answer of a server that holds the sample sessions, by operation and in order. */
export function documentedCalls({ server, fresh, owner, member, syncKey }: Callers): Record<string, Call[]> {
  const id = server.sessionId;
  const unread = (path: string, more: Partial<Call> = {}): Call[] => [
    { status: 413, path, body: LARGE, ...more },
    { status: 415, path, body: "{}", headers: { "Content-Encoding": "gzip" }, ...more },
  ];
  const bodyErrors = (path: string): Call[] => [{ status: 400, path, body: "[" }, ...unread(path)];
  const deleted = id("ses_many_3");
  const setup = { email: "first@example.com", password: "correct horse battery", name: "Ada" };
  const changes = {
    tags: ["a"],
    notes: "n",
    customTitle: "t",
    evalStatus: "golden",
    evalReady: true,
    evalNotes: "e",
    expectedOutput: "o",
  };
  return {
    // First something goes into the trash, for those that refuse it.
    deleteSession: [
      { status: 200, path: `/api/sessions/${deleted}` },
      { status: 400, path: `/api/sessions/${deleted}?permanently=maybe` },
      { status: 404, path: "/api/sessions/none" },
    ],
    changeSession: [
      { status: 200, path: `/api/sessions/${id("ses_debugging")}`, body: changes },
      { status: 400, path: `/api/sessions/${id("ses_debugging")}`, body: { tags: 5 } },
      ...unread(`/api/sessions/${id("ses_debugging")}`),
      { status: 404, path: "/api/sessions/none", body: changes },
      { status: 410, path: `/api/sessions/${deleted}`, body: changes },
    ],
    pushBatch: [
      { status: 200, path: "/sync/batch", body: { sessions: [{ externalId: "b" }, {}] } },
      ...bodyErrors("/sync/batch"),
    ],
    pushSession: [
      { status: 200, path: "/sync/session", body: { externalId: "p" } },
      ...bodyErrors("/sync/session"),
      { status: 410, path: "/sync/session", body: { externalId: "ses_many_3", title: "x" } },
    ],
    pushMessage: [
      { status: 200, path: "/sync/message", body: { sessionExternalId: "p", externalId: "m", role: "user" } },
      ...bodyErrors("/sync/message"),
      { status: 410, path: "/sync/message", body: { sessionExternalId: "ses_many_3", externalId: "m", role: "user" } },
    ],
    listSyncedSessions: [
      { status: 200, path: "/sync/sessions/list?digests=1&limit=5" },
      { status: 400, path: "/sync/sessions/list?limit=0" },
    ],
    listSyncedMessages: [
      { status: 200, path: "/sync/sessions/messages?id=ses_debugging" },
      { status: 400, path: "/sync/sessions/messages" },
    ],
    listSessions: [
      { status: 200, path: "/api/sessions?limit=500" },
      { status: 200, path: "/api/sessions?status=deleted" },
      { status: 200, path: "/api/sessions?q=token&searchBackTo=0" },
      { status: 400, path: "/api/sessions?limit=0" },
    ],
    getSessionByQuery: [
      { status: 200, path: "/api/sessions/get?id=ses_debugging" },
      { status: 400, path: "/api/sessions/get" },
      { status: 404, path: "/api/sessions/get?id=none" },
    ],
    getSession: [
      { status: 200, path: `/api/sessions/${id("ses_long")}?limit=10` },
      { status: 200, path: "/api/sessions/sub" },
      { status: 400, path: `/api/sessions/${id("ses_long")}?limit=many` },
      { status: 404, path: "/api/sessions/none" },
    ],
    countFacets: [
      { status: 200, path: "/api/sessions/facets?agent=opencode" },
      { status: 200, path: "/api/sessions/facets?q=token&searchBackTo=5" },
      { status: 400, path: "/api/sessions/facets?facet=colour" },
    ],
    getUsage: [
      { status: 200, path: "/api/usage?by=week&by=agent&tz=Europe/Berlin&from=2026-01-01" },
      { status: 200, path: "/api/usage" },
      { status: 400, path: "/api/usage?by=colour" },
    ],
    rebuildUsage: [{ status: 200, path: "/api/usage/rebuild" }],
    getStats: [
      { status: 200, path: "/api/stats" },
      { status: 400, path: "/api/stats?tz=Mars" },
    ],
    restoreSession: [
      { status: 200, path: `/api/sessions/${deleted}/restore` },
      { status: 404, path: "/api/sessions/none/restore" },
    ],
    changeSessions: [
      {
        status: 200,
        path: "/api/sessions/bulk",
        body: { action: "patch", ids: [deleted], changes: { starred: true } },
      },
      { status: 400, path: "/api/sessions/bulk", body: { action: "paint", ids: [] } },
      ...unread("/api/sessions/bulk"),
      {
        status: 413,
        path: "/api/sessions/bulk",
        body: { action: "restore", ids: Array.from({ length: MAX_CHOSEN_SESSIONS + 1 }, (_, index) => `i${index}`) },
      },
    ],
    listPrices: [{ status: 200, path: "/api/prices" }],
    setPrice: [
      { status: 200, path: "/api/prices/my-model", body: { input: 1, output: 2 } },
      { status: 400, path: "/api/prices/my-model", body: { input: "much" } },
      ...unread("/api/prices/my-model"),
    ],
    removePrice: [
      { status: 200, path: "/api/prices/my-model" },
      { status: 400, path: `/api/prices/my-model?provider=${"x".repeat(201)}` },
      { status: 404, path: "/api/prices/my-model" },
    ],
    exportSession: [
      ...["json", "markdown", "html", "jsonl", "text"].map((format) => ({
        status: 200,
        path: `/api/export?id=ses_debugging&format=${format}`,
      })),
      { status: 400, path: "/api/export?id=ses_debugging&format=pdf" },
      { status: 404, path: "/api/export?id=none" },
    ],
    exportCsv: [
      { status: 200, path: "/api/export/csv?agent=opencode" },
      { status: 400, path: "/api/export/csv?starred=maybe" },
    ],
    exportEvals: [
      ...["deepeval", "openai", "promptfoo", "filesystem"].map((format) => ({
        status: 200,
        path: `/api/export/evals?format=${format}`,
      })),
      { status: 400, path: "/api/export/evals?format=pdf" },
      { status: 404, path: "/api/export/evals?model=none" },
    ],
    search: [
      { status: 200, path: "/api/search?q=token" },
      { status: 200, path: "/api/search?q=token&v=2" },
      { status: 200, path: "/api/search?q=agent:opencode&v=2" },
      { status: 400, path: "/api/search?q=token&limit=0" },
    ],
    getContext: [
      { status: 200, path: "/api/context?q=token" },
      { status: 200, path: "/api/context?q=token&format=text" },
      { status: 400, path: "/api/context" },
    ],
    exportAccount: [
      { status: 200, path: "/api/archive" },
      { status: 400, path: `/api/archive?after=${"x".repeat(513)}` },
    ],
    importArchive: [
      { status: 200, path: "/api/archive", body: checked(line({ session: { externalId: "imported" } })) },
      ...bodyErrors("/api/archive"),
    ],
    getHealth: [{ status: 200, path: "/health" }],
    getOpenApi: [{ status: 200, path: "/api/openapi.json" }],
    getPlugin: [
      { status: 200, path: "/plugin.tgz" },
      { status: 404, path: "/plugin.tgz", server: fresh },
    ],
    setUp: [
      {
        status: 400,
        path: "/api/setup",
        body: { ...setup, token: setupToken(fresh), password: "short" },
        server: fresh,
      },
      { status: 401, path: "/api/setup", body: { ...setup, token: "guess" }, server: fresh },
      ...unread("/api/setup", { server: fresh }),
      { status: 201, path: "/api/setup", body: { ...setup, token: setupToken(fresh) }, server: fresh },
      { status: 410, path: "/api/setup", body: { ...setup, token: "guess" }, server: fresh },
    ],
    createKey: [
      { status: 201, path: "/api/keys", body: { name: "another" } },
      { status: 400, path: "/api/keys", body: {} },
      ...unread("/api/keys"),
    ],
    revokeKey: [
      { status: 204, path: `/api/keys/${syncKey.keyId}` },
      { status: 404, path: "/api/keys/none" },
    ],
    deleteData: [
      ...bodyErrors("/api/account/delete-data"),
      { status: 403, path: "/api/account/delete-data", body: { password: "wrong" }, authorization: member.token },
      {
        status: 200,
        path: "/api/account/delete-data",
        body: { password: member.password },
        authorization: member.token,
      },
    ],
    deleteAccount: [
      ...bodyErrors("/api/account"),
      { status: 409, path: "/api/account", body: { password: owner.password } },
      { status: 403, path: "/api/account", body: { password: "wrong" }, authorization: member.token },
      { status: 200, path: "/api/account", body: { password: member.password }, authorization: member.token },
    ],
  };
}

/** The calls that follow from who may call: nobody in particular, and somebody who may not. */
export function accessCalls(
  { member, syncKey, administrator }: Callers,
  operation: DocumentedOperation,
  some: Call,
): Call[] {
  const kinds = operation.security.flatMap((scheme) => Object.keys(scheme));
  if (kinds.length === 0) return [];
  const anonymous = { ...some, status: 401, authorization: "" };
  if (!("403" in operation.responses)) return [anonymous];
  const isForKeys = kinds.includes("apiKey");
  const isForOwner = operation.responses["403"]?.description.includes("owner") === true;
  const refused = isForKeys ? `Bearer ${syncKey.key}` : isForOwner ? member.token : administrator;
  return [anonymous, { ...some, status: 403, authorization: refused }];
}
