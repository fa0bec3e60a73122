import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Row, type Speed, speedText } from "./report.ts";
import { type BenchServer, processorSeconds } from "./server.ts";

const ROWS = 10_000;
const ROWS_A_STATEMENT = 500;
const COLUMNS = "owner, text, thinking, toolInput, toolOutput";

/**
 * What this machine can do at best: the words of the first messages put into an index of words and nothing else, by
 * the SQLite inside PocketBase (translated to Go) and by Node's (in C), in the same steps as ingest. The messages must
 * be stored.
 */
export async function measureCeiling(server: BenchServer): Promise<Row[]> {
  const run = (query: string) => server.admin.send("/api/sql", { method: "POST", body: { query } });
  await run(
    `CREATE TABLE bench_texts AS SELECT rowid AS number, ${COLUMNS} FROM messages_fts_content ORDER BY rowid LIMIT ${ROWS}`,
  );
  await run(createIndex());
  const here = await rate(server.process.pid, (from) => run(fill("bench_texts", from)));
  const beside = join(server.dataDir, "ceiling.db");
  const database = new DatabaseSync(beside);
  // As PocketBase sets its own connections.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000");
  database.exec(`ATTACH '${join(server.dataDir, "data.db")}' AS stored`);
  database.exec(createIndex());
  const inC = await rate(process.pid, (from) => database.exec(fill("stored.bench_texts", from)));
  database.close();
  rmSync(beside);
  await run("DROP TABLE bench_words");
  await run("DROP TABLE bench_texts");
  const what = "for comparison, the same words into an index and nothing else";
  return [
    { what: `${what}: PocketBase's SQLite`, result: speedText(here) },
    { what: `${what}: SQLite in C`, result: speedText(inC) },
  ];
}

const createIndex = () =>
  `CREATE VIRTUAL TABLE bench_words USING fts5(${COLUMNS}, content = '', tokenize = 'unicode61')`;

const fill = (table: string, from: number) => `INSERT INTO bench_words (rowid, ${COLUMNS})
  SELECT number, ${COLUMNS} FROM ${table} LIMIT ${ROWS_A_STATEMENT} OFFSET ${from}`;

async function rate(pid: number, step: (from: number) => unknown): Promise<Speed> {
  const before = processorSeconds(pid);
  const start = performance.now();
  for (let from = 0; from < ROWS; from += ROWS_A_STATEMENT) await step(from);
  const perSecond = ROWS / ((performance.now() - start) / 1_000);
  return { perSecond, processorSeconds: ((processorSeconds(pid) - before) / ROWS) * 10_000 };
}
