import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { NOTE_BLOCKS, NOTE_NAMES, PASS_BLOCKS, PASS_NAMES } from "../pb_hooks/search/aids.ts";
import { Names } from "../pb_hooks/search/names.ts";
import { inRoot } from "../scripts/paths.mjs";
import { createDatabase } from "../test/support/launch.ts";
import {
  CORPUS_USERS,
  type CorpusSession,
  type CorpusSize,
  corpusArrivals,
  corpusSessions,
} from "./corpus-sessions.ts";
import { CorpusText } from "./corpus-text.ts";
import { randomFrom } from "./random.ts";

/** Messages of one transaction. */
const BATCH = 10_000;
const MINUTE_MS = 60_000;

/** The id of a user's record. */
export const corpusUser = (number: number): string => `corpususer${String(number).padStart(5, "0")}`;

/**
 * The data folder of a corpus. It is made once and kept in the cache: a million messages take some minutes. Messages
 * are written beside the server, by SQL: what a request costs is not what reads depend on.
 */
export function corpusFolder(size: CorpusSize): string {
  const folder = inRoot(".cache", `bench-corpus-${size.seed}-${size.messages}`);
  if (existsSync(folder)) {
    // It may be older than the last migration, which takes longer on a million messages than a start may.
    createDatabase(folder);
    return folder;
  }
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(unfinished, { recursive: true, force: true });
  createDatabase(unfinished);
  fill(join(unfinished, "data.db"), size);
  renameSync(unfinished, folder);
  return folder;
}

/** Makes a key that may read and write for a user of a corpus. */
export function createCorpusKey(dataDir: string, user: string): string {
  const key = `os_${user.repeat(2)}`;
  const database = new DatabaseSync(join(dataDir, "data.db"));
  try {
    const hash = createHash("sha256").update(key).digest("hex");
    database
      .prepare("INSERT INTO api_keys (user, name, prefix, hash, scope) VALUES (?, 'bench', ?, ?, 'full')")
      .run(user, key.slice(0, 10), hash);
  } finally {
    database.close();
  }
  return key;
}

function fill(file: string, size: CorpusSize): void {
  const database = new DatabaseSync(file);
  try {
    // Nothing of it must survive a crash: an unfinished corpus is thrown away.
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    database.exec("PRAGMA cache_size = -500000; PRAGMA locking_mode = EXCLUSIVE");
    const users = database.prepare(
      "INSERT INTO users (id, email, verified, role, tokenKey, password) VALUES (?, ?, 1, 'member', ?, 'none')",
    );
    for (let user = 0; user < CORPUS_USERS; user += 1) {
      users.run(corpusUser(user), `${corpusUser(user)}@example.com`, `token-key-of-${corpusUser(user)}`);
    }
    const writer = new Writer(database, size.seed);
    const sessions = corpusSessions(size);
    for (const { session, index } of corpusArrivals(sessions)) writer.add(session, index);
    writer.end();
    catchUp(database, writer.names);
    database.exec("PRAGMA journal_mode = WAL");
  } finally {
    database.close();
  }
}

/** Does at once what the server's jobs do once a minute. */
function catchUp(database: DatabaseSync, found: Names): void {
  const run = (sql: string, bindings: Record<string, SQLInputValue>) =>
    database.prepare(sql.replaceAll(/\{:(\w+)\}/g, ":$1")).run(bindings);
  const to = Number(database.prepare("SELECT max(rowid) AS last FROM messages").get()?.["last"]);
  database.exec("BEGIN");
  run(NOTE_BLOCKS, { from: 0, to });
  for (const [user, names] of found.take()) run(NOTE_NAMES, { user, names: JSON.stringify(names) });
  for (const pass of [PASS_BLOCKS, PASS_NAMES]) run(pass, { from: 0, to });
  database.exec("COMMIT");
  for (const index of ["messages_fts", "sessions_fts"]) while (mergeStep(database, index));
}

/** @returns whether there may be more to merge: the command itself counts as one change */
function mergeStep(database: DatabaseSync, index: string): boolean {
  const changes = () => Number(database.prepare("SELECT total_changes() AS n").get()?.["n"]);
  const before = changes();
  database.exec(`INSERT INTO ${index} (${index}, rank) VALUES ('merge', 1000)`);
  return changes() - before >= 2;
}

class Writer {
  readonly names = new Names();
  readonly #database: DatabaseSync;
  readonly #text: CorpusText;
  readonly #random: () => number;
  readonly #indexTriggers: readonly string[];
  #rowid = 0;
  #indexed = 0;

  constructor(database: DatabaseSync, seed: number) {
    this.#database = database;
    // The words are indexed in larger steps than by the triggers: the index is the same, and ready in half the time.
    const triggers = database
      .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'messages_fts%'")
      .all();
    this.#indexTriggers = triggers.map(({ sql }) => String(sql));
    for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
    this.#text = new CorpusText(seed);
    this.#random = randomFrom(seed ^ 0x7e57);
    database.exec("BEGIN");
  }

  add(session: CorpusSession, index: number): void {
    if (index === 0) this.#insert("sessions", this.#sessionRow(session));
    this.#insert("messages", this.#messageRow(session, index));
    if (this.#rowid % BATCH === 0) this.#indexWords();
    if (this.#rowid % 50_000 === 0) console.log(`corpus: ${this.#rowid.toLocaleString("en")} messages …`);
  }

  end(): void {
    this.#indexWords();
    this.#database.exec("COMMIT");
    for (const trigger of this.#indexTriggers) this.#database.exec(trigger);
  }

  #indexWords(): void {
    const columns = "rowid, owner, text, thinking, toolInput, toolOutput";
    this.#prepared(
      `INSERT INTO messages_fts (${columns}) SELECT ${columns} FROM messages_fts_content WHERE rowid > ? AND rowid <= ?`,
    ).run(this.#indexed, this.#rowid);
    this.#indexed = this.#rowid;
    this.#database.exec("COMMIT; BEGIN");
  }

  #insert(table: string, row: Readonly<Record<string, SQLInputValue>>): void {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    this.#prepared(sql).run(...Object.values(row));
  }

  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

  #prepared(sql: string) {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #sessionRow(session: CorpusSession): Readonly<Record<string, SQLInputValue>> {
    const random = this.#random;
    const { number, createdAt, messages, project } = session;
    return {
      ...{ id: sessionId(number), user: corpusUser(session.user), externalId: `ses_${number}`, createdAt },
      ...{ source: session.source, device: session.device, provider: session.provider, model: session.model },
      ...{ title: this.#text.title(random), projectPath: `/home/dev/code/${project}`, projectName: project },
      ...{ gitBranch: session.branch, updatedAt: createdAt + messages * MINUTE_MS, syncedAt: session.arrivedAt },
      ...{ messageCount: messages, hash: number + 1, promptTokens: messages * 900, completionTokens: messages * 150 },
      ...{ cost: messages * 0.004, costSource: "reported", durationMs: messages * MINUTE_MS },
      ...{ tags: random() < 0.05 ? '["important"]' : null, starred: random() < 0.03 ? 1 : 0 },
    };
  }

  #messageRow(session: CorpusSession, index: number): Readonly<Record<string, SQLInputValue>> {
    this.#rowid += 1;
    const isAnswer = index % 4 !== 0;
    const { textContent, parts } = isAnswer ? this.#answer() : this.#prompt();
    this.names.add(corpusUser(session.user), parts);
    const createdAt = session.createdAt + index * MINUTE_MS;
    const arrivedAt = Math.max(createdAt, session.arrivedAt);
    return {
      id: Math.floor(arrivedAt / 1_000).toString(16) + this.#rowid.toString(16).padStart(7, "0"),
      ...{ user: corpusUser(session.user), session: sessionId(session.number), externalId: `msg_${this.#rowid}` },
      ...{ role: isAnswer ? "assistant" : "user", createdAt, updatedAt: createdAt + 5_000, syncedAt: arrivedAt },
      ...(isAnswer && {
        ...{ model: session.model, provider: session.provider, responseId: `response_${this.#rowid}` },
        ...{ promptTokens: 1_200, completionTokens: 200, tokensInput: 300, tokensCacheRead: 900, tokensOutput: 200 },
        ...{ cost: 0.005_4, costSource: session.provider === "" ? "unknown" : "reported" },
      }),
      ...{
        hash: 1 + Math.floor(this.#random() * 1_099_511_627_775),
        toolCallCount: parts.includes("tool-call") ? 1 : 0,
      },
      ...{ textContent, parts },
    };
  }

  #prompt(): { textContent: string; parts: string } {
    const text = this.#text.prose(this.#random, this.#length(180, 1));
    return { textContent: text, parts: JSON.stringify([{ type: "text", content: text }]) };
  }

  /** An answer in words, or a step with a tool and what the tool printed. */
  #answer(): { textContent: string; parts: string } {
    const random = this.#random;
    const text = random() < 0.6 ? this.#text.prose(random, this.#length(300, 1)) : "";
    const parts: object[] = text === "" ? [] : [{ type: "text", content: text }];
    if (random() < 0.15) parts.unshift({ type: "thinking", content: this.#text.prose(random, this.#length(500, 0.8)) });
    if (text === "" || random() < 0.5) {
      const id = `call_${this.#rowid}`;
      const failed = random() < 0.05;
      const toolName = ["bash", "read", "edit", "grep"][Math.floor(4 * random() ** 1.5)];
      const output = this.#text.output(random, this.#length(700, 1.3));
      parts.push(
        {
          type: "tool-call",
          content: { id, toolName, args: this.#text.input(random), status: failed ? "error" : "completed" },
        },
        { type: "tool-result", content: { id, output, isError: failed } },
      );
    }
    return { textContent: text, parts: JSON.stringify(parts) };
  }

  /** Lengths are spread over orders of magnitude: most are short, one in a thousand is very long. */
  #length(median: number, spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
    return Math.min(400_000, Math.round(median * Math.exp(spread * normal)));
  }
}

const sessionId = (number: number): string => `s${String(number).padStart(14, "0")}`;
