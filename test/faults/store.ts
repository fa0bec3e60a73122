import { copyFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Random } from "../support/random.ts";

const recorded = fileURLToPath(new URL("../fixtures/opencode/1.15.13/opencode.db", import.meta.url));

const columnsSchema = z.array(z.object({ name: z.string() }));
const idsSchema = z.array(z.object({ id: z.string() }));
const nowSchema = z.object({ now: z.number() });

/** Id of the recorded session and of its copies: the id itself, and the id with `x0`, `x1`, … behind it. */
export const RECORDED_SESSION = "ses_e046c67a0ffeW6BFHzJ2hcFVlb";

/** Makes a database with a recorded session and so many copies of it under ids and texts of their own. */
export function createStore(file: string, copies: number): void {
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(recorded, file);
  const fresh = new DatabaseSync(file);
  fresh.exec("PRAGMA journal_mode = WAL");
  fresh.close();
  change(file, (database) => {
    for (let n = 0; n < copies; n++) copySession(database, n);
  });
}

/** Changes a store in one transaction, beside whoever reads it. */
export function change(file: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec("BEGIN IMMEDIATE");
    work(database);
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

/** One change that people make: a new turn, a text that goes on, a new title, an archived session, a removed message. */
export function changeAnything(file: string, random: Random): void {
  change(file, (database) => {
    const sessions = ids(database, "SELECT id FROM session ORDER BY id");
    const session = sessions[random.below(sessions.length)] ?? RECORDED_SESSION;
    const messages = ids(database, "SELECT id FROM message WHERE session_id = ? ORDER BY time_created, id", session);
    const last = messages.at(-1) ?? "";
    const atMs = latest(database) + 1;
    const number = random.below(1_000_000);
    switch (random.pick(["grow", "grow", "edit", "rename", "archive", "remove"])) {
      case "grow":
        return grow(database, session, `n${number}`, atMs);
      case "edit":
        return editText(database, last, `edited ${number}`, atMs);
      case "rename":
        return rename(database, session, `Renamed ${number}`, atMs);
      case "archive":
        return archive(database, session, atMs);
      case "remove":
        if (messages.length > 1) removeMessage(database, last);
    }
  });
}

/** Adds a message with its parts: the newest one again, under an id with this suffix. */
export function grow(database: DatabaseSync, session: string, suffix: string, atMs: number): void {
  const [from = ""] = ids(database, "SELECT id FROM message WHERE session_id = ? ORDER BY id DESC", session);
  const times = { time_created: String(atMs), time_updated: String(atMs) };
  copyRows(database, "message", "id", from, { ...times, id: `id || '${suffix}'` });
  copyRows(database, "part", "message_id", from, {
    ...times,
    id: `id || '${suffix}'`,
    message_id: `message_id || '${suffix}'`,
    data: `replace(data, 'answer', 'answer ${suffix}')`,
  });
  database.prepare("UPDATE session SET time_updated = ? WHERE id = ?").run(atMs, session);
}

/** Writes another text into a message. */
export function editText(database: DatabaseSync, message: string, text: string, atMs: number): void {
  database
    .prepare(
      `UPDATE part SET data = json_set(data, '$.text', ?), time_updated = ?
        WHERE message_id = ? AND json_extract(data, '$.type') = 'text'`,
    )
    .run(text, atMs, message);
}

/** Makes the first text of a session a large one. */
export function enlarge(database: DatabaseSync, session: string, chars: number): void {
  const text = "All work and no play makes Jack a dull boy. ".repeat(Math.ceil(chars / 44)).slice(0, chars);
  const [message = ""] = ids(
    database,
    "SELECT id FROM message WHERE session_id = ? ORDER BY time_created, id",
    session,
  );
  database
    .prepare(
      "UPDATE part SET data = json_set(data, '$.text', ?) WHERE message_id = ? AND data LIKE '%\"type\":\"text\"%'",
    )
    .run(text, message);
}

/** Gives a session another title. */
export function rename(database: DatabaseSync, session: string, title: string, atMs: number): void {
  database.prepare("UPDATE session SET title = ?, time_updated = ? WHERE id = ?").run(title, atMs, session);
}

function archive(database: DatabaseSync, session: string, atMs: number): void {
  database.prepare("UPDATE session SET time_archived = ?, time_updated = ? WHERE id = ?").run(atMs, atMs, session);
}

/** Removes a message as OpenCode does: without a trace. */
export function removeMessage(database: DatabaseSync, message: string): void {
  database.prepare("DELETE FROM part WHERE message_id = ?").run(message);
  database.prepare("DELETE FROM message WHERE id = ?").run(message);
}

/** Ids of the messages of a session, oldest first. */
export function messageIds(file: string, session: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return ids(database, "SELECT id FROM message WHERE session_id = ? ORDER BY time_created, id", session);
  } finally {
    database.close();
  }
}

/** The newest time in the store: changes go on from there, so that a seed gives the same store every time. */
function latest(database: DatabaseSync): number {
  const sql = `SELECT max((SELECT max(time_updated) FROM session), (SELECT max(time_updated) FROM message),
    (SELECT max(time_updated) FROM part)) AS now`;
  return nowSchema.parse({ ...database.prepare(sql).get() }).now;
}

function copySession(database: DatabaseSync, n: number): void {
  const own = (column: string) => ({ [column]: `${column} || 'x${n}'` });
  const text = { data: `replace(data, 'old answer', 'answer of copy ${n}')` };
  copyRows(database, "session", "id", RECORDED_SESSION, { ...own("id"), ...own("slug"), ...own("title") });
  copyRows(database, "message", "session_id", RECORDED_SESSION, { ...own("id"), ...own("session_id") });
  copyRows(database, "part", "session_id", RECORDED_SESSION, {
    ...own("id"),
    ...own("message_id"),
    ...own("session_id"),
    ...text,
  });
}

/** Copies rows; `changed` has an SQL expression for each column that becomes another. */
function copyRows(
  database: DatabaseSync,
  table: string,
  column: string,
  value: string,
  changed: Readonly<Record<string, string>>,
): void {
  const rows = database.prepare(`PRAGMA table_info(${table})`).all();
  const names = columnsSchema.parse(rows.map((row) => ({ ...row }))).map(({ name }) => name);
  const values = names.map((name) => changed[name] ?? name);
  database.prepare(`INSERT INTO ${table} (${names}) SELECT ${values} FROM ${table} WHERE ${column} = ?`).run(value);
}

function ids(database: DatabaseSync, sql: string, ...values: string[]): string[] {
  const rows = database.prepare(sql).all(...values);
  return idsSchema.parse(rows.map((row) => ({ ...row }))).map(({ id }) => id);
}
