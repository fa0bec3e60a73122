import { OpenSyncClient, type SearchAnswer, type SearchOptions, searchSessions } from "@opensync/client";
import { BLOCK_ROWS } from "../../pb_hooks/search/aids.ts";
import type { Account } from "./account.ts";
import { push } from "./push.ts";
import type { TestServer } from "./server.ts";

// Two weeks of Ann's with agents, in which each word, name and place stands for a rule of the search.

export const DAY = 86_400_000;
/** Midnight of the first day. */
export const START = Date.UTC(2026, 0, 1);

interface Said {
  session: string;
  /** Day of the message, counted from the first. */
  day: number;
  role?: string;
  text?: string;
  parts?: object[];
  more?: object;
}

const bash = (command: string, output: string, isError = false) => [
  {
    type: "tool-call",
    content: { id: "c", toolName: "Bash", args: { command }, status: isError ? "error" : "completed" },
  },
  { type: "tool-result", content: { id: "c", output, isError } },
];

const SESSIONS = [
  { externalId: "login", title: "Fix the login", source: "opencode", model: "claude-opus-4-5", device: "laptop" },
  { externalId: "deploy", title: "Deploy the shop", source: "codex-cli", model: "gpt-5", device: "Server-1" },
  {
    externalId: "names",
    title: "Rename things",
    source: "claude-code",
    projectPath: "/home/me/Shop",
    projectName: "Überblick по проекту",
    gitBranch: "feature/x",
  },
  { externalId: "untitled", source: "cursor", projectName: "My Shop" },
  { externalId: "gone", title: "Removed and deleted things" },
];

const MESSAGES: Said[] = [
  { session: "login", day: 1, role: "user", text: "Why does the token expire too early?" },
  { session: "login", day: 2, text: "The clock of the server is wrong. See config/auth/session-store.ts, err_1234." },
  { session: "login", day: 3, text: "", parts: bash("grep -rn expire src", "src/auth/token.ts:12: expireAt", false) },
  { session: "deploy", day: 4, role: "user", text: "Deploy it. The token is in the vault." },
  { session: "deploy", day: 5, text: "", parts: bash("npm run deploy", "Error: connection refused by host", true) },
  { session: "deploy", day: 6, text: "Deployment failed: connection refused." },
  { session: "names", day: 7, role: "user", text: "Rename getUserName to fetchAccountName, and old_user_table too" },
  { session: "names", day: 8, text: "", parts: [{ type: "thinking", content: "perhaps the zebra knows" }] },
  { session: "untitled", day: 9, text: "A naïve café in 東京 says hello to user@example.com" },
  { session: "untitled", day: 10, text: "hello again", more: { error: { name: "Aborted", message: "by hand" } } },
  { session: "gone", day: 11, text: "a vanished word", more: { removedAt: START } },
];

/** Stores it all for Ann, in another order than it was written in, and a session about the same of Ben's. */
export async function pushCorpus(server: TestServer, ann: Account, ben: Account): Promise<void> {
  const messages = MESSAGES.map(({ session, day, role, text, parts, more }, index) => ({
    ...{ sessionExternalId: session, externalId: `m${index}`, role: role ?? "assistant", textContent: text, parts },
    ...{ createdAt: START + day * DAY, ...more },
  }));
  await push(server, ann.key, { sessions: SESSIONS, messages: messages.reverse() });
  const secret = { externalId: "bens", title: "Ben's secret token" };
  const said = { sessionExternalId: "bens", externalId: "b", role: "user", textContent: "Ben's token expires" };
  await push(server, ben.key, { sessions: [secret], messages: [said] });
}

/** Searches as an account. */
export const finderOf =
  (server: TestServer, account: Account) =>
  (query: string, options: SearchOptions = {}) =>
    searchSessions(new OpenSyncClient({ url: server.url, apiKey: account.key }), query, options);

/** The sessions of an answer, by the ids of the wire. */
export const foundIds = ({ results }: SearchAnswer): string[] => results.map(({ session }) => session.externalId);

/** A history in which every message has the word `common`. */
export const FREQUENT = { sessions: 600, messages: 30_000 } as const;

/** Stores it as if it had arrived long ago, so that search knows its times: by requests it would take a minute. */
export function storeFrequentWord(server: TestServer, { id }: Pick<Account, "id">): void {
  const numbers = (count: number) => `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT ${count})`;
  server.change(
    `${numbers(FREQUENT.sessions)}
    INSERT INTO sessions (id, user, externalId, source, title, cost, costSource, createdAt, updatedAt)
    SELECT 'frequent' || i, ?, 'f' || i, iif(i % 3, 'opencode', 'cursor'), 'no title', i % 7, 'reported', i, i FROM n`,
    id,
  );
  server.change(
    `${numbers(FREQUENT.messages)}
    INSERT INTO messages (id, user, session, externalId, role, createdAt, textContent)
    SELECT 'frequent' || i, ?, 'frequent' || (i * ${FREQUENT.sessions} / ${FREQUENT.messages}), 'm' || i, 'user',
      1000 + i, 'common words' FROM n`,
    id,
  );
  server.change(`INSERT INTO search_blocks SELECT user, rowid / ${BLOCK_ROWS}, min(createdAt), max(createdAt)
    FROM messages GROUP BY 1, 2 ON CONFLICT DO NOTHING`);
  server.change("UPDATE search_progress SET blocksUpTo = (SELECT max(rowid) FROM messages)");
}
