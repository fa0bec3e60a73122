// Indexes that answer alone what they are asked.

/** What sessions are sorted by, after what nearly every question asks: a column is found faster the further in front it is. */
const SORTED = ["deletedAt", "promptTokens", "completionTokens", "cost", "durationMs", "messageCount"];

/** What else a filter of sessions looks at beside places; tags and titles come last, they are the longest. */
const FILTERED = [
  ...["archivedAt", "provider", "starred", "evalReady", "evalStatus", "parentExternalId", "costSource"],
  ...["tags", "customTitle", "title"],
];

/** What sessions are counted by. */
const PLACES = ["source", "model", "projectName", "device", "gitBranch"];

export const SESSION_INDEXES: Readonly<Record<string, readonly string[]>> = {
  /** Lists, newest first; and every other order, whose best rows are picked out of one walk through it. */
  sessions_newest: ["user", "updatedAt", "id", ...SORTED, "createdAt", ...PLACES, ...FILTERED],
  /** Facets: sessions of one place stand together and are counted as they come. */
  sessions_places: ["user", ...PLACES, ...SORTED, "updatedAt", "createdAt", ...FILTERED],
  /** Usage: which sessions began when, and what they say themselves of their tokens and cost. */
  sessions_begun: [
    ...["user", "createdAt", "id", "deletedAt", "source", "model", "projectName", "device", "provider"],
    ...["parentExternalId", "promptTokens", "completionTokens", "cost", "costSource", "stated"],
  ],
  /** Usage: to which place the session of a row of the roll-up belongs. */
  sessions_by_id: ["id", "source", "projectName", "device", "costSource", "stated"],
};

/** Few messages are copies: how many there are is counted without looking at the others. */
export const USAGE_COPIES =
  "CREATE INDEX usage_copies ON usage (user, slot, session, messages) WHERE costSource = 'copy'";

/** What has no price is asked for with every question about usage, and is a small part of it. */
export const USAGE_UNPRICED = `CREATE INDEX usage_unpriced
  ON usage (user, slot, session, model, provider, messages, promptTokens, completionTokens) WHERE costSource = 'unknown'`;
