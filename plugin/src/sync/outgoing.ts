import type { Message, Session } from "@opensync/client";
import { messageHash, sessionHash } from "@opensync/client/digest";
import type { Redactor } from "../redact/redactor.ts";
import { fitMessage, fitSession } from "./fit-limits.ts";

/** What only an observer on this machine knows about a session. */
export type Observed = {
  /** Name of this machine. */
  readonly device: string;
  readonly gitRemote?: string;
  readonly gitBranch?: string;
  readonly gitCommit?: string;
};

declare const ready: unique symbol;

/** An item that may leave the machine. Only the two functions below make one: the single way out. */
export type Outgoing<Item> = Item & { readonly [ready]: true };

/**
 * Makes a session ready to leave: its hash over everything that the store says, then secrets masked.
 * @param observed added after hashing, since another machine would observe something else
 */
export function outgoingSession(session: Session, observed: Observed, redactor: Redactor): Outgoing<Session> {
  const masked = redactor.session({ ...session, hash: sessionHash(session) });
  return { ...fitSession(masked), ...observed } as Outgoing<Session>;
}

/**
 * Makes a message ready to leave: its hash over everything that the store says, then secrets masked, then cut to the
 * limits. Masking comes before cutting, or a secret that the cut goes through would pass in halves.
 */
export function outgoingMessage(message: Message, redactor: Redactor): Outgoing<Message> {
  return fitMessage(redactor.message({ ...message, hash: messageHash(message) })) as Outgoing<Message>;
}

/**
 * Says that a message is gone from the store. The content that the server has stays: the hash is the one it has.
 * @param hash of the message as the server has it
 * @param removedAtMs when the removal was seen, epoch ms
 */
export function outgoingRemoval(
  sessionExternalId: string,
  externalId: string,
  hash: number,
  removedAtMs: number,
): Outgoing<Message> {
  const message: Message = { sessionExternalId, externalId, hash, updatedAt: removedAtMs, removedAt: removedAtMs };
  return message as Outgoing<Message>;
}
