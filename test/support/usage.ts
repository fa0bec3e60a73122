import { type Message, type Session, usageSchema } from "@opensync/client";
import type { Account } from "./account.ts";

/** What an account has used. */
export const usageOf = async (reader: Account, query: string) =>
  usageSchema.parse(await reader.get(`/api/usage?${query}`));

/** An answer of a model. */
export function response(session: string, id: string, createdAt: number, fields: Partial<Message> = {}): Message {
  return {
    ...{
      sessionExternalId: session,
      externalId: id,
      role: "assistant",
      createdAt,
      model: "opus",
      provider: "anthropic",
    },
    ...{ tokens: { input: 10, cacheRead: 20, cacheWrite: 30, cacheWrite1h: 5, output: 40, reasoning: 4 } },
    ...{ cost: 0.5, costSource: "reported", ...fields },
  };
}

/** A session that says nothing about tokens itself. */
export const session = (externalId: string, fields: Partial<Session> = {}): Session => ({
  externalId,
  createdAt: 1_760_000_000_000,
  ...fields,
});
