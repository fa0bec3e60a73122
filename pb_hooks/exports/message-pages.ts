import { queryOne } from "../lib/vm.ts";

/** Bytes of text and parts after which a page ends; at least one message is on every page. */
const PAGE_BYTES = 512 * 1024;

const PAGE_MESSAGES = 500;

/**
 * A statement that writes a page of a session's messages as one text: `{text, messages, lastTime, lastRow}`. Sizes are
 * known without reading what they are the sizes of. Bind `user`, `session`, `afterTime`, `afterRow`.
 * @param text SQL of one row of `messages m`
 * @param condition SQL: which messages; undone ones are no part of a conversation any more
 */
export function messagePage(text: string, condition = "m.removedAt = 0"): string {
  return `WITH picked AS MATERIALIZED (
  SELECT m.rowid AS place, m.createdAt, octet_length(m.textContent) + coalesce(octet_length(m.parts), 0) AS bytes
  FROM messages m WHERE m.session = {:session} AND m.user = {:user} AND (m.createdAt, m.rowid) > ({:afterTime}, {:afterRow}) AND ${condition}
  ORDER BY m.createdAt, m.rowid LIMIT ${PAGE_MESSAGES}),
numbered AS MATERIALIZED (SELECT place, createdAt, sum(bytes) OVER win - bytes AS before
  FROM picked WINDOW win AS (ORDER BY createdAt, place)),
shown AS MATERIALIZED (SELECT place, createdAt FROM numbered WHERE before < ${PAGE_BYTES})
SELECT coalesce((SELECT group_concat(text, '' ORDER BY p.createdAt, p.place) FROM (
    SELECT p.createdAt, p.place, ${text} AS text FROM shown p CROSS JOIN messages m ON m.rowid = p.place) p), '') AS text,
  count(*) AS messages, coalesce(max(createdAt), 0) AS lastTime,
  coalesce((SELECT place FROM shown ORDER BY createdAt DESC, place DESC LIMIT 1), 0) AS lastRow FROM shown`;
}

/** How many of them there are, as `n`. Bind `user`, `session`. */
export const COUNT_MESSAGES = `SELECT count(*) AS n FROM messages m
WHERE m.session = {:session} AND m.user = {:user} AND m.removedAt = 0`;

/** Whose session. */
export interface OwnSession {
  readonly user: string;
  /** Id of its row. */
  readonly session: string;
}

/**
 * Writes the messages of a session, page by page.
 * @param sql see {@link messagePage}
 * @returns how many there were
 */
export function writeMessages(
  app: core.App,
  sql: string,
  { user, session }: OwnSession,
  write: (text: string) => void,
): number {
  let written = 0;
  const shape = { text: "", messages: 0, lastTime: 0, lastRow: 0 };
  for (let [afterTime, afterRow] = [-1, 0]; ; ) {
    const page = queryOne(app, sql, { user, session, afterTime, afterRow }, shape);
    if (!page || page.messages === 0) return written;
    write(page.text);
    written += page.messages;
    [afterTime, afterRow] = [page.lastTime, page.lastRow];
  }
}
