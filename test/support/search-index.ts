import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const COLUMNS = "owner, text, thinking, toolInput, toolOutput";

/**
 * Where the full-text index differs from one made anew of the messages as they are: [] = nowhere.
 * FTS5's own check of an index against its content cannot read a content that takes JSON apart.
 * @throws when the index is damaged in itself
 */
export function searchIndexDifferences(dataDir: string): unknown[] {
  const database = new DatabaseSync(join(dataDir, "data.db"), { timeout: 10_000 });
  try {
    database.exec(`
      INSERT INTO messages_fts (messages_fts) VALUES ('integrity-check');
      ATTACH ':memory:' AS fresh;
      CREATE VIRTUAL TABLE fresh.messages_fts USING fts5(${COLUMNS}, tokenize = 'unicode61');
      INSERT INTO fresh.messages_fts (rowid, ${COLUMNS}) SELECT rowid, ${COLUMNS} FROM main.messages_fts_content;
      CREATE VIRTUAL TABLE temp.stored_words USING fts5vocab(main, messages_fts, instance);
      CREATE VIRTUAL TABLE temp.fresh_words USING fts5vocab(fresh, messages_fts, instance);
    `);
    const [stored, fresh] = ["SELECT * FROM temp.stored_words", "SELECT * FROM temp.fresh_words"];
    return database
      .prepare(`SELECT * FROM (${stored} EXCEPT ${fresh}) UNION ALL SELECT * FROM (${fresh} EXCEPT ${stored})`)
      .all();
  } finally {
    database.close();
  }
}
