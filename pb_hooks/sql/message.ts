import { cost, count, createdAt, document, MONEY_BITS, meta, snapshotMarks, text, tokens } from "./columns.ts";
import { type Column, type Merge, statedBits, upsertPartials, upsertSnapshots, whole } from "./merge.ts";
import { STATED } from "./stated.ts";
import { timeInId } from "./time-in-id.ts";

/** The content: another one, or the same with more places masked. What is older is not written in the first place. */
const REPLACES = "(excluded.hash <> messages.hash OR excluded.redacted > messages.redacted)";

/** The version of an item is its updatedAt; a row without hash has version 0. */
const isVersion = (operator: string) => `(messages.hash = 0 OR excluded.updatedAt ${operator} messages.updatedAt)`;

const updatedAt: Column = {
  name: "updatedAt",
  value: whole("s.updatedAt"),
  partial: "max(excluded.updatedAt, messages.updatedAt)",
  snapshot: `iif(${isVersion(">")}, excluded.updatedAt, messages.updatedAt)`,
};

/** Not part of the hash. Of one version the removal wins: somebody who has not seen it must not take it back. */
const removedAt: Column = {
  name: "removedAt",
  value: whole("s.removedAt"),
  partial: "max(excluded.removedAt, messages.removedAt)",
  snapshot: `CASE WHEN ${isVersion(">")} THEN excluded.removedAt
    WHEN ${isVersion("=")} THEN max(excluded.removedAt, messages.removedAt) ELSE messages.removedAt END`,
};

/** Required when a message is seen for the first time, so an item without one finds it in the row. */
const role: Column = { ...text("messages", "role"), snapshot: text("messages", "role").partial };

const toolCallCount: Column = {
  name: "toolCallCount",
  value: "coalesce(s.parts, 0)",
  partial: "iif(excluded.parts IS NULL, messages.toolCallCount, excluded.toolCallCount)",
};

const stated: Column = {
  name: "stated",
  value: statedBits([STATED.createdAt, "s.createdAt >= 0.5"], [STATED.tokens, "s.tokens IS NOT NULL"], ...MONEY_BITS),
  partial: "messages.stated | excluded.stated",
};

/** Stores the valid messages of the stage. Bind `user`, `stamp`, `now`, `rowid`. */
const merge: Merge = {
  table: "messages",
  key: "session, externalId",
  fixed: { user: "{:user}", session: "t.id", externalId: "s.externalId" },
  columns: [
    role,
    ...["model", "provider", "agent", "responseId", "serviceTier"].map((name) => text("messages", name)),
    ...tokens("messages"),
    ...cost("messages"),
    count("messages", "durationMs"),
    createdAt("messages", timeInId("s.externalId", "{:now} + s.position"), REPLACES),
    updatedAt,
    removedAt,
    document("messages", "error"),
    toolCallCount,
    stated,
    ...snapshotMarks("messages", REPLACES),
    text("messages", "textContent"),
    document("messages", "parts"),
    meta("messages"),
  ],
  replaces: REPLACES,
  isWritten: `CASE WHEN messages.hash = 0 THEN 1
    WHEN excluded.hash <> messages.hash THEN ${isVersion(">=")}
    ELSE excluded.redacted > messages.redacted OR ${isVersion(">")}
      OR (${isVersion("=")} AND excluded.removedAt > messages.removedAt) END`,
  // CROSS JOIN keeps this order: the other way round the stage would be walked once for each session.
  from: `FROM temp.stage_messages s
CROSS JOIN temp.stage_messages_json i ON i.position = s.position
CROSS JOIN temp.stage_touched t ON t.externalId = s.sessionExternalId
WHERE s.problem IS NULL`,
};

export const UPSERT_PARTIAL_MESSAGES = upsertPartials(merge);
export const UPSERT_SNAPSHOT_MESSAGES = upsertSnapshots(merge);
