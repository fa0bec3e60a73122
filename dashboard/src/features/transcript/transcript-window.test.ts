import { describe, expect, test } from "vitest";
import type { MessageRecord } from "./message-record.ts";
import { appendNewer, applyChanges, cursorAfter, prependOlder, type TranscriptWindow } from "./transcript-window.ts";

const message = (id: string, createdAt: number, fields: Partial<MessageRecord> = {}): MessageRecord => ({
  id,
  createdAt,
  role: "user",
  model: "",
  agent: "",
  promptTokens: 0,
  completionTokens: 0,
  tokensInput: 0,
  tokensCacheRead: 0,
  tokensCacheWrite: 0,
  tokensOutput: 0,
  tokensReasoning: 0,
  cost: 0,
  costSource: "",
  durationMs: 0,
  removedAt: 0,
  syncedAt: 0,
  error: null,
  textContent: "",
  parts: null,
  ...fields,
});

const window = (fields: Partial<TranscriptWindow> = {}): TranscriptWindow => ({
  messages: [message("b", 20), message("c", 30)],
  older: null,
  newer: null,
  syncedAt: 100,
  ...fields,
});
const ids = ({ messages }: TranscriptWindow) => messages.map(({ id }) => id).join("");

describe("paging", () => {
  test("the next page begins at the time of the last message, which comes again and is dropped", () => {
    const read = [message("b", 20), message("a", 10)];
    expect(cursorAfter(null, read, false)).toEqual({ atMs: 10, page: 1 });
    expect(ids(prependOlder(window(), read, null))).toBe("abc");
    expect(ids(appendNewer(window(), [message("c", 30), message("d", 40)], null))).toBe("bcd");
  });

  test("a time that fills whole pages is read page after page", () => {
    const read = { atMs: 10, page: 1 };
    const full = [message("x", 10), message("y", 10)];
    expect(cursorAfter(read, full, false)).toEqual({ atMs: 10, page: 2 });
    expect(cursorAfter({ atMs: 10, page: 2 }, [message("z", 9)], false)).toEqual({ atMs: 9, page: 1 });
  });

  test("after the last page there is none", () => {
    expect(cursorAfter(null, [message("a", 1)], true)).toBeNull();
    expect(cursorAfter(null, [], false)).toBeNull();
  });

  test("messages of one time keep the order of their arrival", () => {
    // Older messages are read newest first: the server sends the later of two first.
    const older = prependOlder(window(), [message("y", 10), message("x", 10)], null);
    expect(ids(older)).toBe("xybc");
  });
});

describe("changes", () => {
  test("a known message is renewed where it is", () => {
    const changed = applyChanges(window(), [message("b", 20, { textContent: "more" })]);
    expect(ids(changed)).toBe("bc");
    expect(changed.messages[0]?.textContent).toBe("more");
  });

  test("a new message takes its place by time, after those of the same time", () => {
    expect(ids(applyChanges(window(), [message("x", 25)]))).toBe("bxc");
    expect(ids(applyChanges(window(), [message("x", 20), message("y", 20)]))).toBe("bxyc");
    expect(ids(applyChanges(window(), [message("x", 5)]))).toBe("xbc");
    expect(ids(applyChanges(window(), [message("x", 99)]))).toBe("bcx");
  });

  test("a message whose time became earlier moves", () => {
    expect(ids(applyChanges(window(), [message("c", 1)]))).toBe("cb");
  });

  test("what lies beyond an end that is not loaded is left to paging", () => {
    const middle = window({ older: { atMs: 20, page: 1 }, newer: { atMs: 30, page: 1 } });
    const changed = applyChanges(middle, [message("x", 5), message("y", 25), message("z", 99)]);
    expect(ids(changed)).toBe("byc");
  });

  test("the first messages of a session come into an empty window", () => {
    const empty = window({ messages: [] });
    expect(ids(applyChanges(empty, [message("a", 1), message("b", 2)]))).toBe("ab");
  });

  test("the newest time of the server's clock is kept, also of messages that stay outside", () => {
    const middle = window({ newer: { atMs: 30, page: 1 } });
    expect(applyChanges(middle, [message("z", 99, { syncedAt: 500 })]).syncedAt).toBe(500);
    expect(applyChanges(window(), [message("b", 20, { syncedAt: 7 })]).syncedAt).toBe(100);
  });

  test("nothing new is the same window, so nothing is drawn again", () => {
    const before = window();
    expect(applyChanges(before, [])).toBe(before);
  });
});
