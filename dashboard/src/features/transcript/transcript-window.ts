import type { MessageRecord } from "./message-record.ts";

/**
 * Where the next page in one direction begins. Messages have no key that is both unique and in reading order (two may
 * share a millisecond), so a page begins at a time, and when one time fills whole pages, at a later page of it.
 */
export interface PageCursor {
  /** Epoch ms, inclusive: what is loaded of that time already comes again and is dropped. */
  readonly atMs: number;
  /** 1 = first. */
  readonly page: number;
}

/** The loaded part of a transcript: an unbroken run of messages in reading order. */
export interface TranscriptWindow {
  readonly messages: readonly MessageRecord[];
  /** Where older messages begin; null = the first message is loaded. */
  readonly older: PageCursor | null;
  /** Where newer messages begin; null = the last message is loaded, so that new ones belong here. */
  readonly newer: PageCursor | null;
  /** The server's clock up to which changes are known, epoch ms. */
  readonly syncedAt: number;
}

/** What the next page in a direction begins at, given the page just read. Null after the last page. */
export function cursorAfter(
  read: PageCursor | null,
  items: readonly MessageRecord[],
  isLast: boolean,
): PageCursor | null {
  const last = items.at(-1);
  if (isLast || last === undefined) return null;
  return read !== null && last.createdAt === read.atMs
    ? { atMs: read.atMs, page: read.page + 1 }
    : { atMs: last.createdAt, page: 1 };
}

/** Adds a page of older messages. @param items newest first, as read */
export function prependOlder(
  window: TranscriptWindow,
  items: readonly MessageRecord[],
  older: PageCursor | null,
): TranscriptWindow {
  return { ...window, older, messages: [...unknownOf(window, items).reverse(), ...window.messages] };
}

/** Adds a page of newer messages. @param items oldest first, as read */
export function appendNewer(
  window: TranscriptWindow,
  items: readonly MessageRecord[],
  newer: PageCursor | null,
): TranscriptWindow {
  return { ...window, newer, messages: [...window.messages, ...unknownOf(window, items)] };
}

/**
 * Brings changed messages into the window: known ones are renewed where they are, new ones take their place by time,
 * after those of the same time, since they arrived later. Those beyond an end that is not loaded are left to paging.
 * @param changed in order of arrival
 */
export function applyChanges(window: TranscriptWindow, changed: readonly MessageRecord[]): TranscriptWindow {
  if (changed.length === 0) return window;
  const messages = [...window.messages];
  for (const message of changed) {
    const index = messages.findIndex(({ id }) => id === message.id);
    const before = messages[index];
    if (before !== undefined && before.createdAt === message.createdAt) messages[index] = message;
    else {
      if (before !== undefined) messages.splice(index, 1);
      if (isInside(window, message)) messages.splice(placeOf(messages, message), 0, message);
    }
  }
  const syncedAt = changed.reduce((newest, { syncedAt: one }) => Math.max(newest, one), window.syncedAt);
  return { ...window, messages, syncedAt };
}

function isInside({ messages, older, newer }: TranscriptWindow, { createdAt }: MessageRecord): boolean {
  const first = messages[0];
  const last = messages.at(-1);
  const isAfterStart = older === null || (first !== undefined && createdAt >= first.createdAt);
  const isBeforeEnd = newer === null || (last !== undefined && createdAt < last.createdAt);
  return isAfterStart && isBeforeEnd;
}

function placeOf(messages: readonly MessageRecord[], { createdAt }: MessageRecord): number {
  return messages.findLastIndex((other) => other.createdAt <= createdAt) + 1;
}

function unknownOf({ messages }: TranscriptWindow, items: readonly MessageRecord[]): MessageRecord[] {
  const known = new Set(messages.map(({ id }) => id));
  return items.filter(({ id }) => !known.has(id));
}
