import { constants, cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inRoot } from "../scripts/paths.mjs";
import { launchServer, type ServerProcess } from "../test/support/launch.ts";
import { corpusBatches } from "./corpus.ts";
import { corpusFolder, corpusUser, createCorpusKey } from "./corpus-database.ts";
import type { CorpusSize } from "./corpus-sessions.ts";
import { READ_CASES, type ReadCase } from "./read-cases.ts";
import type { Row } from "./report.ts";
import { residentMegabytes } from "./server.ts";

/** How often each question is asked. */
const ROUNDS = 2;
/** Messages of one request of the writer. */
const WRITTEN = 100;

/** Times of all reads on a corpus, while nothing else happens and while somebody writes. */
export async function measureReads(size: CorpusSize): Promise<Row[]> {
  const dataDir = inRoot(".cache", `bench-reads-${process.pid}`);
  // A copy, because the writer writes; where the file system can, it shares what stays the same.
  cpSync(corpusFolder(size), dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const keys = { reader: createCorpusKey(dataDir, corpusUser(0)), writer: createCorpusKey(dataDir, corpusUser(1)) };
  const server = await launchServer({ dataDir });
  try {
    const rows = [...(await measureCases(server, keys.reader, "")), ...(await whileWriting(server, keys))];
    const memory = `${residentMegabytes(server.pid).toFixed(0)} MB`;
    return [...rows, { what: "memory of the server after all reads", result: memory }, ...sizes(dataDir)];
  } finally {
    await server.end("SIGTERM");
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function whileWriting(server: ServerProcess, keys: { reader: string; writer: string }): Promise<Row[]> {
  const writing = startWriter(server, keys.writer);
  try {
    return await measureCases(server, keys.reader, ", with a writer");
  } finally {
    await writing.stop();
  }
}

async function measureCases(server: ServerProcess, key: string, suffix: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of READ_CASES) {
    const row = await measureCase(server, key, one, suffix);
    console.log(`${row.what}: ${row.result}`);
    rows.push(row);
  }
  return rows;
}

async function measureCase(server: ServerProcess, key: string, one: ReadCase, suffix: string): Promise<Row> {
  const times: number[] = [];
  await read(server, key, one.paths[0] ?? "/health");
  const processorBefore = processorMs(server.pid);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const path of one.paths) times.push(await read(server, key, path));
  }
  const processor = (processorMs(server.pid) - processorBefore) / times.length;
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    `${(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(0)} ms`;
  const result = `p50 ${at(0.5)}, p95 ${at(0.95)} (processor ${processor.toFixed(0)} ms)`;
  return { what: one.what + suffix, result, ...(one.budgetMs && { budget: `p95 < ${one.budgetMs} ms` }) };
}

/** @returns milliseconds until the whole answer was there */
async function read(server: ServerProcess, key: string, path: string): Promise<number> {
  const startMs = performance.now();
  const answer = await fetch(server.url + path, { headers: { Authorization: `Bearer ${key}` } });
  const text = await answer.text();
  const timeMs = performance.now() - startMs;
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  return timeMs;
}

/** Sends one request after the other until it is stopped. */
function startWriter(server: ServerProcess, key: string): { stop(): Promise<void> } {
  let isRunning = true;
  const run = async () => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    for (let from = 0; isRunning; from += WRITTEN) {
      const body = JSON.stringify({ messages: corpusBatches(from, WRITTEN, WRITTEN).flat() });
      await (await fetch(`${server.url}/sync/batch`, { method: "POST", headers, body })).text();
    }
  };
  const running = run();
  return {
    stop: () => {
      isRunning = false;
      return running;
    },
  };
}

/** Milliseconds of processor time that a process has had: unlike time on the clock, it does not depend on others' work. */
function processorMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ")[0]),
  );
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
}

/** What the indexes of search take on the disk, against the texts that were sent. */
function sizes(dataDir: string): Row[] {
  const database = new DatabaseSync(join(dataDir, "data.db"), { readOnly: true });
  try {
    const taken = database
      .prepare(
        "SELECT name LIKE '%\\_fts\\_%' ESCAPE '\\' OR name LIKE 'search\\_%' ESCAPE '\\' AS isIndex, sum(pgsize) AS bytes FROM dbstat GROUP BY 1",
      )
      .all();
    const bytes = (isIndex: number) => Number(taken.find((row) => row["isIndex"] === isIndex)?.["bytes"] ?? 0);
    const raw = Number(
      database
        .prepare("SELECT sum(length(CAST(textContent AS BLOB)) + length(CAST(parts AS BLOB))) AS bytes FROM messages")
        .get()?.["bytes"],
    );
    const megabytes = (count: number) => `${(count / 1e6).toFixed(0)} MB`;
    return [
      { what: "text and parts of all messages", result: megabytes(raw) },
      {
        what: "search indexes on the disk",
        result: `${megabytes(bytes(1))}, ${(bytes(1) / raw).toFixed(2)}×`,
        budget: "< 1.0× of the text",
      },
      {
        what: "whole database",
        result: `${megabytes(bytes(0) + bytes(1))}, ${((bytes(0) + bytes(1)) / raw).toFixed(2)}×`,
      },
    ];
  } finally {
    database.close();
  }
}
