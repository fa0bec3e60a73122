import * as z from "zod/mini";
import { messageSchema } from "./message.ts";
import { rateSchema } from "./prices.ts";
import { countSchema, idSchema, timeSchema } from "./scalars.ts";
import { sessionSchema } from "./session.ts";

// The archive of an account: JSON lines. First a header; then pieces, each of some data lines and a check; last the end.

const sha256Schema = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** The first line. `sessions` and `messages` are how many the account had when the archive was begun. */
export const archiveHeaderSchema = z.object({
  format: z.literal("opensync-archive"),
  /** Version 1 had no prices. */
  version: z.union([z.literal(1), z.literal(2)]),
  /** Version of the server that wrote it. */
  server: z.string(),
  createdAt: timeSchema,
  /** The archive holds the sessions behind this externalId; "" = all. */
  after: z.string(),
  sessions: countSchema,
  messages: countSchema,
  /** Prices that the owner of the server has set; 0 in the archive of anybody else. */
  prices: z.exactOptional(countSchema),
});
export type ArchiveHeader = z.infer<typeof archiveHeaderSchema>;

/** What people added to a session, whether it is in the trash, and which of its values nobody had stated (bits). */
export const archiveStateSchema = z.object({
  externalId: idSchema,
  customTitle: z.exactOptional(z.string()),
  notes: z.exactOptional(z.string()),
  tags: z.exactOptional(z.array(z.string())),
  starred: z.exactOptional(countSchema),
  evalReady: z.exactOptional(countSchema),
  evalStatus: z.exactOptional(z.string()),
  evalNotes: z.exactOptional(z.string()),
  expectedOutput: z.exactOptional(z.string()),
  deletedAt: z.exactOptional(timeSchema),
  /** When its content goes. */
  purgeAt: z.exactOptional(timeSchema),
  guesses: z.exactOptional(countSchema),
});

/** What the owner of a server has set for a model, in USD per million tokens. */
export const archivePriceSchema = z.object({
  /** "" = whoever sells it. */
  provider: z.string(),
  model: z.string(),
  input: rateSchema,
  output: rateSchema,
  cacheRead: rateSchema,
  cacheWrite: rateSchema,
  cacheWrite1h: rateSchema,
});

/**
 * Every line but the first. The prices come before the sessions. A session's lines are `session`, its `message`s in order, and `state`; `tombstone` is all
 * that is left of one whose content is gone. `check` is the digest of the bytes of all lines behind the check before it.
 * `end` counts the sessions and messages of the file; its digest is built up from the checks: SHA-256 of the digest so
 * far (at first "") and the check, both as hexadecimal text.
 */
export const archiveLineSchema = z.union([
  z.object({ price: archivePriceSchema }),
  z.object({ session: sessionSchema }),
  z.object({ message: messageSchema, guessed: z.exactOptional(z.literal(true)) }),
  z.object({ state: archiveStateSchema }),
  z.object({ tombstone: z.object({ externalId: idSchema, source: z.string(), deletedAt: timeSchema }) }),
  z.object({ check: z.object({ sha256: sha256Schema }) }),
  z.object({
    end: z.object({
      sessions: countSchema,
      messages: countSchema,
      prices: z.exactOptional(countSchema),
      sha256: sha256Schema,
    }),
  }),
]);
export type ArchiveLine = z.infer<typeof archiveLineSchema>;

/** Answer of `POST /api/archive`. */
export const importAnswerSchema = z.object({
  ok: z.literal(true),
  sessions: countSchema,
  messages: countSchema,
  /** Prices that this server's owner has set by it. */
  prices: countSchema,
  changed: z.object({ sessions: countSchema, messages: countSchema }),
  errors: z.array(z.string()),
});
export type ImportAnswer = z.infer<typeof importAnswerSchema>;

/** UTF-16 units of the pieces that go together in one request; the largest message alone may be longer. */
const REQUEST_LENGTH = 2 * 1024 * 1024;

/**
 * Cuts an archive into bodies of `POST /api/archive`: whole pieces each, as many as fit, without ever holding more than
 * one body and one piece.
 * @param chunks the archive's text, cut anywhere
 */
export async function* archiveBodies(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let body: string[] = [];
  let length = 0;
  for await (const line of linesOf(chunks)) {
    body.push(line);
    length += line.length;
    if (length < REQUEST_LENGTH || !line.startsWith('{"check":')) continue;
    yield body.join("");
    body = [];
    length = 0;
  }
  if (length > 0) yield body.join("");
}

/** The lines of a text, each with its line break, without looking at any character twice. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let begun: string[] = [];
  for await (const chunk of chunks) {
    let at = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", at)) {
      begun.push(chunk.slice(at, end + 1));
      yield begun.join("");
      begun = [];
      at = end + 1;
    }
    begun.push(chunk.slice(at));
  }
  const rest = begun.join("");
  if (rest !== "") yield rest;
}
