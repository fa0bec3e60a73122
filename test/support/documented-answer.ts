import { createAccount } from "./account.ts";
import type { Call, Callers } from "./documented-calls.ts";
import { type Answered, ApiDocument, type DocumentedOperation } from "./openapi.ts";
import { push } from "./push.ts";
import { debuggingSession, longSession, manySessions } from "./sample-sessions.ts";
import { administrator, createKey, createUser, type TestServer } from "./server.ts";

const NOW = Date.UTC(2026, 5, 15, 12);

/** What the requests of `documentedCalls` ask for, on a server without accounts. */
export async function prepareCallers(server: TestServer, fresh: TestServer): Promise<Callers> {
  const owner = await createAccount(server, { role: "owner", scope: "full" });
  const member = await createUser(server);
  const { id: keyId, key } = await createKey(server, owner);
  const administratorsToken = (await administrator(server)).authStore.token;
  await push(server, owner.key, manySessions(12, NOW));
  await push(server, owner.key, debuggingSession(NOW));
  await push(server, owner.key, longSession(30, NOW));
  await push(server, owner.key, {
    sessions: [{ externalId: "sub", parentExternalId: "ses_long", archivedAt: NOW, forkedFrom: "x" }],
    messages: [
      {
        ...{ sessionExternalId: "sub", externalId: "e", role: "assistant" },
        ...{ error: { name: "E", message: "m" }, removedAt: NOW },
      },
    ],
  });
  return { server, fresh, owner, member, syncKey: { key, keyId }, administrator: administratorsToken };
}

/** The document as the server gives it. */
export async function documentOf(server: TestServer): Promise<ApiDocument> {
  return new ApiDocument(await (await fetch(`${server.url}/api/openapi.json`)).json());
}

/** Sends a request as whoever may, unless the call says as whom. */
export async function answerTo(callers: Callers, operation: DocumentedOperation, call: Call): Promise<Answered> {
  const isForKeys = operation.security.some((scheme) => "apiKey" in scheme);
  const authorization = call.authorization ?? (isForKeys ? `Bearer ${callers.owner.key}` : callers.owner.token);
  const body = call.body === undefined ? null : typeof call.body === "string" ? call.body : JSON.stringify(call.body);
  const answer = await fetch(`${(call.server ?? callers.server).url}${call.path}`, {
    method: operation.method,
    headers: { ...(authorization === "" ? {} : { Authorization: authorization }), ...call.headers },
    body,
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
