import type PocketBase from "pocketbase";
import { COMMIT_OVERLAP_MS } from "../../lib/live/commit-overlap.ts";
import { readRecords } from "../../lib/read-records.ts";
import { type SessionRecord, sessionSchema } from "../../lib/session-record.ts";
import { type MessageRecord, messageSchema } from "./message-record.ts";
import { appendNewer, cursorAfter, type PageCursor, prependOlder, type TranscriptWindow } from "./transcript-window.ts";

/** Small enough to be on the screen in a moment, large enough to fill it. */
const PAGE_SIZE = 40;
const CHANGES_PAGE_SIZE = 200;

/** The two ways to read: by time, then by arrival. */
const directions = {
  older: { sort: "-createdAt,-@rowid", from: "createdAt <= {:atMs}" },
  newer: { sort: "createdAt,@rowid", from: "createdAt >= {:atMs}" },
} as const;

/**
 * One session, in the trash or not, or null if the user has none of this id or its content is gone.
 * @throws as `readRecords`
 */
export async function readSession(server: PocketBase, id: string, signal?: AbortSignal): Promise<SessionRecord | null> {
  const query = {
    filter: "id = {:id} && (deletedAt = 0 || purgeAt > 0)",
    params: { id },
    sort: "id",
    limit: 1,
    signal,
  };
  const { items } = await readRecords(server, "sessions", sessionSchema, query);
  return items[0] ?? null;
}

async function readPage(server: PocketBase, session: string, direction: "older" | "newer", cursor: PageCursor | null) {
  const { sort, from } = directions[direction];
  const { items, isLast } = await readRecords(server, "messages", messageSchema, {
    filter: cursor === null ? "session = {:session}" : `session = {:session} && ${from}`,
    params: { session, ...(cursor === null ? {} : { atMs: cursor.atMs }) },
    sort,
    limit: PAGE_SIZE,
    page: cursor?.page ?? 1,
  });
  return { items, next: cursorAfter(cursor, items, isLast) };
}

/** Where to open a transcript: at its start, its end, or the id of a message's record. */
export type OpenAt = string;

/** A session, and the messages around a place in it. */
export interface OpenedTranscript {
  readonly session: SessionRecord;
  readonly window: TranscriptWindow;
}

/**
 * Opens a session at a place; null if the user has none of this id.
 * @param openAt a message that is not of this session opens the end
 * @throws as `readRecords`
 */
export async function openTranscript(
  server: PocketBase,
  id: string,
  openAt: OpenAt,
  signal: AbortSignal,
): Promise<OpenedTranscript | null> {
  const startMs = performance.now();
  // At the same time: a reader waits for both.
  const [session, window] = await Promise.all([readSession(server, id, signal), openWindow(server, id, openAt)]);
  if (session === null) return null;
  // The messages may have been read that much earlier than the session, which knows of all that came in between.
  const syncedAt = session.syncedAt - Math.ceil(performance.now() - startMs);
  return { session, window: { ...window, syncedAt } };
}

async function openWindow(server: PocketBase, session: string, openAt: OpenAt): Promise<TranscriptWindow> {
  const empty: TranscriptWindow = { messages: [], older: null, newer: null, syncedAt: 0 };
  if (openAt === "start") {
    const { items, next } = await readPage(server, session, "newer", null);
    return appendNewer(empty, items, next);
  }
  const atMs = openAt === "end" ? undefined : await readCreatedAt(server, session, openAt);
  if (atMs === undefined) {
    const { items, next } = await readPage(server, session, "older", null);
    return prependOlder(empty, items, next);
  }
  const cursor = { atMs, page: 1 };
  const [after, before] = await Promise.all([
    readPage(server, session, "newer", cursor),
    readPage(server, session, "older", cursor),
  ]);
  return prependOlder(appendNewer(empty, after.items, after.next), before.items, before.next);
}

async function readCreatedAt(server: PocketBase, session: string, id: string): Promise<number | undefined> {
  const query = { filter: "session = {:session} && id = {:id}", params: { session, id }, sort: "id", limit: 1 };
  const { items } = await readRecords(server, "messages", messageSchema, query);
  return items[0]?.createdAt;
}

/**
 * Loads the next page in a direction. Unchanged when there is none.
 * @throws as `readRecords`
 */
export async function extendTranscript(
  server: PocketBase,
  session: string,
  window: TranscriptWindow,
  direction: "older" | "newer",
): Promise<TranscriptWindow> {
  let extended = window;
  // A page may hold nothing new (its time was loaded before): then the one after it does.
  while (extended[direction] !== null && extended.messages.length === window.messages.length) {
    const { items, next } = await readPage(server, session, direction, extended[direction]);
    extended = direction === "older" ? prependOlder(extended, items, next) : appendNewer(extended, items, next);
  }
  return extended;
}

/**
 * Everything that the server has stored of a session since the window's time, in order of arrival.
 * @throws as `readRecords`
 */
export async function readChanges(
  server: PocketBase,
  session: string,
  window: TranscriptWindow,
): Promise<readonly MessageRecord[]> {
  const changed: MessageRecord[] = [];
  for (let page = 1; ; page += 1) {
    const { items, isLast } = await readRecords(server, "messages", messageSchema, {
      filter: "session = {:session} && syncedAt >= {:since}",
      params: { session, since: window.syncedAt - COMMIT_OVERLAP_MS },
      sort: "syncedAt,@rowid",
      limit: CHANGES_PAGE_SIZE,
      page,
    });
    changed.push(...items);
    if (isLast) return changed;
  }
}
