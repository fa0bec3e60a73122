import type { Message, Session } from "@opensync/client";
import type { Account } from "./account.ts";
import { push } from "./push.ts";
import type { TestServer } from "./server.ts";

/** When what is exported began: 2026-09-21T14:13:20Z. */
export const EXPORT_TIME = 1_790_000_000_000;

/** What an account gets from a route that answers with a file. */
export async function download(server: TestServer, account: Account, path: string) {
  const answer = await fetch(server.url + path, { headers: account.withKey() });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Stores a session of an account, its messages a second apart. */
export async function storeSession(
  server: TestServer,
  account: Account,
  session: Session,
  messages: readonly Partial<Message>[] = [],
): Promise<void> {
  await push(server, account.key, {
    sessions: [{ createdAt: EXPORT_TIME, updatedAt: EXPORT_TIME, hash: 1, ...session }],
    messages: messages.map((message, index) => ({
      ...{ sessionExternalId: session.externalId, externalId: `m${index}`, role: "assistant" },
      ...{ createdAt: EXPORT_TIME + index * 1000, ...message },
    })),
  });
}
