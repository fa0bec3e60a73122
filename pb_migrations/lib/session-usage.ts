// The roll-up of usage once more, by session alone: what a session said in all. Readers that ask for a session's agent,
// project or device look each session up once instead of once for each quarter of an hour.

/** Sums of columns of `usage` that have the same name there. */
const SAME = ["messages", "promptTokens", "completionTokens"].concat(
  ["tokensInput", "tokensCacheRead", "tokensCacheWrite", "tokensCacheWrite1h", "tokensReasoning"],
  ["costNano"],
);
const SUMS = [...SAME, "reportedNano"];

/**
 * `firstSlot` and `lastSlot` hold all slots of the session's rows; where rows went they may hold more. The owner comes
 * first, so that what one user asks for stands together: a few hundred pages instead of all.
 */
const CREATE = `CREATE TABLE session_usage (
  user TEXT NOT NULL, session TEXT NOT NULL, firstSlot INTEGER NOT NULL, lastSlot INTEGER NOT NULL,
  ${SUMS.map((name) => `${name} INTEGER NOT NULL`).join(", ")},
  PRIMARY KEY (user, session)
) WITHOUT ROWID`;

const ALL = `SELECT user, session, min(slot), max(slot), ${SAME.map((name) => `sum(${name})`).join(", ")},
    coalesce(sum(costNano) FILTER (WHERE costSource = 'reported'), 0)
  FROM usage WHERE costSource <> 'copy' GROUP BY user, session`;

const COLUMNS = ["user", "session", "firstSlot", "lastSlot", ...SUMS].join(", ");

/** What a row of the roll-up adds: SQL of each sum's change. */
function add(change: (name: string) => string): string {
  const reported = `iif(new.costSource = 'reported', ${change("costNano")}, 0)`;
  return `INSERT INTO session_usage (${COLUMNS})
    VALUES (new.user, new.session, new.slot, new.slot, ${SAME.map(change).join(", ")}, ${reported})
    ON CONFLICT DO UPDATE SET firstSlot = min(firstSlot, excluded.firstSlot), lastSlot = max(lastSlot, excluded.lastSlot),
      ${SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")};`;
}

/**
 * Copies count elsewhere. A row that has nothing left goes, as in `usage`; what is deleted there by hand is taken back.
 * While several triggers of one message are at work a new copy may be taken away before it was added: then sums are 0 of
 * a session that has a message, and its slots must not be forgotten.
 */
const TRIGGERS: Readonly<Record<string, string>> = {
  session_usage_insert: `AFTER INSERT ON usage WHEN new.costSource <> 'copy' BEGIN ${add((name) => `new.${name}`)} END`,
  session_usage_update: `AFTER UPDATE ON usage WHEN new.costSource <> 'copy'
    BEGIN ${add((name) => `new.${name} - old.${name}`)} END`,
  session_usage_delete: `AFTER DELETE ON usage WHEN old.costSource <> 'copy' BEGIN
      UPDATE session_usage SET ${SAME.map((name) => `${name} = ${name} - old.${name}`).join(", ")},
        reportedNano = reportedNano - iif(old.costSource = 'reported', old.costNano, 0)
      WHERE user = old.user AND session = old.session;
    END`,
  session_usage_empty: `AFTER UPDATE ON session_usage WHEN ${SUMS.map((name) => `new.${name} = 0`).join(" AND ")}
      AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.session = new.session AND m.isCopy = 0)
    BEGIN DELETE FROM session_usage WHERE user = new.user AND session = new.session; END`,
};

export const CREATE_SESSION_USAGE: readonly string[] = [
  CREATE,
  `INSERT INTO session_usage (${COLUMNS}) ${ALL}`,
  ...Object.entries(TRIGGERS).map(([name, body]) => `CREATE TRIGGER ${name} ${body}`),
];

export const DROP_SESSION_USAGE: readonly string[] = [
  ...Object.keys(TRIGGERS).map((name) => `DROP TRIGGER ${name}`),
  "DROP TABLE session_usage",
];
