import { createHash } from "node:crypto";
import { archiveBodies, archiveHeaderSchema, archiveLineSchema, importAnswerSchema } from "@opensync/client";
import { expect } from "vitest";
import type { TestServer } from "./server.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A line of an archive. */
export const line = (value: object) => `${JSON.stringify(value)}\n`;

/** Lines as a whole piece of an archive. */
export const checked = (lines: string) => lines + line({ check: { sha256: sha256(lines) } });

/** Status and text of what the route of archives answers. */
export async function requestArchive(
  at: TestServer,
  method: "GET" | "POST",
  authorization: string,
  { query = "", body }: { query?: string; body?: string } = {},
) {
  const headers = { Authorization: authorization };
  const answer = await fetch(`${at.url}/api/archive${query}`, { method, headers, body: body ?? null });
  return { status: answer.status, text: await answer.text() };
}

/** The archive of whoever this is the header of. */
export async function archiveOf(at: TestServer, authorization: string, query = ""): Promise<string> {
  const { status, text } = await requestArchive(at, "GET", authorization, { query });
  expect(status, text.slice(0, 300)).toBe(200);
  return text;
}

/** Imports an archive that arrives in chunks of a prime length; returns the sums of the answers. */
export async function importInto(at: TestServer, authorization: string, archive: string) {
  const sums = { requests: 0, sessions: 0, messages: 0, prices: 0, changed: 0, errors: [] as string[] };
  for await (const body of archiveBodies(inChunks(archive))) {
    const { status, text } = await requestArchive(at, "POST", authorization, { body });
    expect(status, text).toBe(200);
    const { sessions, messages, prices, changed, errors } = importAnswerSchema.parse(JSON.parse(text));
    sums.requests += 1;
    sums.sessions += sessions;
    sums.messages += messages;
    sums.prices += prices;
    sums.changed += changed.sessions + changed.messages;
    sums.errors.push(...errors);
  }
  return sums;
}

async function* inChunks(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 65_537) yield text.slice(at, at + 65_537);
}

/** Checks every digest of an archive as its format is described, and returns its data lines. */
export function verified(archive: string) {
  const [first = "", ...lines] = archive.split("\n").slice(0, -1);
  const header = archiveHeaderSchema.parse(JSON.parse(first));
  const data: string[] = [];
  let [piece, digest] = [`${first}\n`, ""];
  let end: { sessions: number; messages: number; prices?: number } | undefined;
  for (const text of lines) {
    const value = archiveLineSchema.parse(JSON.parse(text));
    expect(end, "nothing comes after the end").toBeUndefined();
    if ("check" in value) {
      expect(sha256(piece)).toBe(value.check.sha256);
      digest = sha256(digest + value.check.sha256);
      piece = "";
    } else if ("end" in value) {
      expect(value.end.sha256).toBe(digest);
      end = value.end;
    } else {
      piece += `${text}\n`;
      data.push(text);
    }
  }
  return { header, data, end };
}

/** All that a user has, keyed by the ids of the wire, without what is of one server alone: ids of rows, times of storing. */
export function rowsOf(at: TestServer, userId: string) {
  const own = ["id", "user", "session", "syncedAt"];
  const strip = (row: Record<string, unknown>) => {
    // What a client once computed has no meaning any more where an agent has reported the cost, and does not travel.
    const computed = row["costSource"] === "reported" ? { ownCost: 0, stated: Number(row["stated"]) & ~256 } : {};
    return Object.fromEntries(Object.entries({ ...row, ...computed }).filter(([name]) => !own.includes(name)));
  };
  const messages = at.query(
    `SELECT m.*, s.externalId AS inSession, row_number() OVER (PARTITION BY s.id ORDER BY m.createdAt, m.rowid) AS place
     FROM messages m JOIN sessions s ON s.id = m.session WHERE s.user = ? ORDER BY s.externalId, m.externalId`,
    userId,
  );
  const sessions = at.query("SELECT * FROM sessions WHERE user = ? ORDER BY externalId", userId);
  const usage = at.query(
    `SELECT s.externalId, u.* FROM usage u JOIN sessions s ON s.id = u.session WHERE s.user = ?
     ORDER BY s.externalId, u.slot, u.model, u.provider, u.costSource`,
    userId,
  );
  const digests = at.query(
    `SELECT s.externalId, d.messages, d.hashSum, d.unhashed, d.toolCalls FROM session_digests d
     JOIN sessions s ON s.id = d.session WHERE s.user = ? ORDER BY s.externalId`,
    userId,
  );
  return {
    sessions: sessions.map(strip),
    messages: messages.map(strip),
    usage: usage.map(({ session: _session, user: _user, ...row }) => row),
    digests: digests.map((row) => ({ ...row })),
  };
}
