/**
 * Bits of the column `stated`: which values of a row a client has stated. What nobody stated is a guess (the time of
 * arrival for createdAt, `opencode` for source, …) and gives way to the first stated value.
 */
export const STATED = {
  createdAt: 1,
  /** The split by kind, which is the truth for promptTokens and completionTokens. */
  tokens: 2,
  source: 4,
  updatedAt: 8,
  projectName: 16,
  model: 32,
  device: 64,
  /** Not a client: the server has priced the row. Counts only while its costSource is `computed`. */
  priced: 128,
  /** What a client has computed; it is in `ownCost`. */
  ownCost: 256,
  /** Of a session: a client said something of its cost, if only that it is unknown, or told tokens, which cost something. */
  cost: 512,
  /** Not a client: the tokens of a session are the sum of its messages. */
  summedTokens: 1024,
  /** Not a client: the cost of a session is the sum of its messages, as far as it is known. */
  summedCost: 2048,
} as const;

/** Those of a session that its fields on the wire do not tell: there, a guess looks like what was stated. */
export const GUESSABLE =
  STATED.createdAt | STATED.source | STATED.updatedAt | STATED.projectName | STATED.model | STATED.device;
