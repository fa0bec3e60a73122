import type { Message } from "@opensync/client";
import { messageHash, sessionHash } from "@opensync/client/digest";
import { expect } from "vitest";
import { z } from "zod";
import { openCode } from "../../plugin/src/sources/opencode/index.ts";
import { collect } from "../../plugin/src/testing/collect.ts";
import type { TestServer } from "../support/server.ts";

const sessionRowSchema = z.object({ id: z.string(), externalId: z.string(), hash: z.number() });
const messageRowSchema = z.object({
  externalId: z.string(),
  hash: z.number(),
  parts: z.string().transform((json): unknown => JSON.parse(json)),
});

type Rows = Readonly<Record<string, { hash: number; messages: Readonly<Record<string, Content>> }>>;
type Content = { hash: number; parts: unknown };

/** What a store holds, as the rows of a server that has all of it. */
export async function rowsOfStore(env: Readonly<Record<string, string>>): Promise<Rows> {
  const reader = await openCode.open(env);
  try {
    const rows: Record<string, Rows[string]> = {};
    for (const { externalId } of await reader.listSessions(0)) {
      const session = (await reader.readSession(externalId)) ?? expect.fail(`${externalId} is listed and not there`);
      const messages = await collect(reader.readMessages(externalId));
      rows[externalId] = { hash: sessionHash(session), messages: Object.fromEntries(messages.map(contentOf)) };
    }
    expect(reader.unreadable).toEqual([]);
    return rows;
  } finally {
    reader.close();
  }
}

function contentOf(message: Message): [string, Content] {
  return [message.externalId, { hash: messageHash(message), parts: message.parts }];
}

/** What a server holds, without the messages that were removed. */
export function rowsOfServer(server: TestServer): Rows {
  const sessions = server.query("SELECT id, externalId, hash FROM sessions").map((row) => sessionRowSchema.parse(row));
  return Object.fromEntries(
    sessions.map(({ id, externalId, hash }) => {
      const sql = "SELECT externalId, hash, parts FROM messages WHERE session = ? AND removedAt = 0";
      const messages = server.query(sql, id).map((row) => messageRowSchema.parse(row));
      return [
        externalId,
        { hash, messages: Object.fromEntries(messages.map(({ externalId: m, ...rest }) => [m, rest])) },
      ];
    }),
  );
}
