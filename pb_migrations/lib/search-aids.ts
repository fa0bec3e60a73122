// Titles, times and names for search. The index of titles is kept by triggers; the blocks and the names are brought up to
// date once a minute (pb_hooks/search/index-job.ts), so that storing messages pays nothing for them.

/** Rows of `messages` in one block, by rowid: the order of arrival. */
const BLOCK_ROWS = 1024;

const TITLE = (row: string) => `iif(${row}.customTitle <> '', ${row}.customTitle, ${row}.title)`;
const put = "INSERT INTO sessions_fts (rowid, owner, title)";
const take = "INSERT INTO sessions_fts (sessions_fts, rowid, owner, title) SELECT 'delete',";

const TRIGGERS: Readonly<Record<string, string>> = {
  sessions_fts_insert: `AFTER INSERT ON sessions BEGIN ${put} VALUES (new.rowid, new.user, ${TITLE("new")}); END`,
  sessions_fts_delete: `AFTER DELETE ON sessions BEGIN ${take} old.rowid, old.user, ${TITLE("old")}; END`,
  sessions_fts_update: `AFTER UPDATE OF user, title, customTitle ON sessions
    WHEN ${TITLE("new")} IS NOT ${TITLE("old")} OR new.user IS NOT old.user
    BEGIN
      ${take} old.rowid, old.user, ${TITLE("old")};
      ${put} VALUES (new.rowid, new.user, ${TITLE("new")});
    END`,
  // A time that changes after its block was noted widens the block.
  search_blocks_widen: `AFTER UPDATE OF createdAt ON messages WHEN new.createdAt IS NOT old.createdAt
    BEGIN
      UPDATE search_blocks SET oldest = min(oldest, new.createdAt), newest = max(newest, new.createdAt)
      WHERE user = new.user AND block = new.rowid / ${BLOCK_ROWS};
    END`,
  // When the newest rows go, their numbers are given out again: the next rows under them must be looked at.
  search_progress_back: `AFTER DELETE ON messages
    WHEN NOT EXISTS (SELECT 1 FROM messages WHERE rowid > old.rowid)
    BEGIN
      UPDATE search_progress SET blocksUpTo = min(blocksUpTo, old.rowid - 1), namesUpTo = min(namesUpTo, old.rowid - 1)
      WHERE id = 1;
    END`,
  search_forget_user: `AFTER DELETE ON users
    BEGIN
      DELETE FROM search_blocks WHERE user = old.id;
      DELETE FROM search_names WHERE user = old.id;
    END`,
};

export const CREATE_SEARCH_AIDS: readonly string[] = [
  `CREATE VIEW sessions_fts_content AS SELECT s.rowid AS rowid, s.user AS owner, ${TITLE("s")} AS title FROM sessions s`,
  `CREATE VIRTUAL TABLE sessions_fts USING fts5(
    owner, title, content = 'sessions_fts_content', content_rowid = 'rowid', tokenize = 'unicode61'
  )`,
  `${put} SELECT rowid, owner, title FROM sessions_fts_content`,
  // By user and block (rowid / ${BLOCK_ROWS}) of messages: the range of their times.
  `CREATE TABLE search_blocks (
    user TEXT NOT NULL, block INTEGER NOT NULL, oldest INTEGER NOT NULL, newest INTEGER NOT NULL,
    PRIMARY KEY (user, block)
  ) WITHOUT ROWID`,
  // Names in code, by the words that they are made of: getUserName by get, user, name, getuser, username. In small letters.
  `CREATE TABLE search_names (
    user TEXT NOT NULL, word TEXT NOT NULL, name TEXT NOT NULL, uses INTEGER NOT NULL,
    PRIMARY KEY (user, word, name)
  ) WITHOUT ROWID`,
  // How far the two are: the last row of messages that was looked at. One row.
  "CREATE TABLE search_progress (id INTEGER PRIMARY KEY, blocksUpTo INTEGER NOT NULL, namesUpTo INTEGER NOT NULL)",
  "INSERT INTO search_progress VALUES (1, 0, 0)",
  ...Object.entries(TRIGGERS).map(([name, body]) => `CREATE TRIGGER ${name} ${body}`),
];

export const DROP_SEARCH_AIDS: readonly string[] = [
  ...Object.keys(TRIGGERS).map((name) => `DROP TRIGGER ${name}`),
  "DROP TABLE search_progress",
  "DROP TABLE search_names",
  "DROP TABLE search_blocks",
  "DROP TABLE sessions_fts",
  "DROP VIEW sessions_fts_content",
];
