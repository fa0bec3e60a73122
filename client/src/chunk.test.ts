import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChunkLimits, chunkItems } from "./chunk.ts";
import { CHUNK_MAX_BYTES, CHUNK_MAX_ITEMS } from "./contract/limits.ts";
import type { Message } from "./contract/message.ts";
import type { Session } from "./contract/session.ts";
import { utf8Length } from "./utf8-length.ts";

const session = fc.record<Session>({ externalId: fc.string({ unit: "grapheme" }), title: fc.string() });
const message = fc.record<Message>({
  sessionExternalId: fc.string(),
  externalId: fc.string(),
  textContent: fc.string({ unit: "binary", maxLength: 80 }),
});

function chunksOf(sessions: Session[], messages: Message[], limits?: ChunkLimits) {
  return [...chunkItems(sessions, messages, limits)];
}

function text(bytes: number): Message {
  const empty = utf8Length(JSON.stringify({ sessionExternalId: "s", externalId: "m", textContent: "" }));
  return { sessionExternalId: "s", externalId: "m", textContent: "x".repeat(bytes - empty) };
}

test("whatever the items and the limits, nothing is lost, the order is kept and every batch is within the limits", () => {
  const limits = fc.record<ChunkLimits>({
    maxBytes: fc.integer({ min: 60, max: 600 }),
    maxItems: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(session), fc.array(message), limits, (sessions, messages, limit) => {
      const chunks = chunksOf(sessions, messages, limit);
      const items = chunks.flatMap((chunk) =>
        chunk.kind === "too-large"
          ? ["session" in chunk.item ? chunk.item.session : chunk.item.message]
          : [...(chunk.batch.sessions ?? []), ...(chunk.batch.messages ?? [])],
      );
      expect(items).toEqual([...sessions, ...messages]);
      for (const chunk of chunks) {
        if (chunk.kind === "too-large") {
          expect(chunk.bytes).toBe(
            utf8Length(JSON.stringify("session" in chunk.item ? chunk.item.session : chunk.item.message)),
          );
          continue;
        }
        const { sessions = [], messages = [] } = chunk.batch;
        expect(chunk.body).toBe(JSON.stringify({ sessions, messages }));
        expect(chunk.bytes).toBe(utf8Length(chunk.body));
        expect(chunk.bytes).toBeLessThanOrEqual(limit.maxBytes);
        expect(sessions.length + messages.length).toBeLessThanOrEqual(limit.maxItems);
        expect(sessions.length + messages.length).toBeGreaterThan(0);
      }
    }),
  );
});

describe("the limits of one request", () => {
  const frame = utf8Length('{"sessions":[],"messages":[]}');

  test.each([
    ["exact-limit", CHUNK_MAX_BYTES - frame, "batch"],
    ["limit-plus-one", CHUNK_MAX_BYTES - frame + 1, "too-large"],
  ])("a message of the %s (%d bytes) comes out as %s", (_name, bytes, kind) => {
    expect(chunksOf([], [text(bytes)]).map((chunk) => chunk.kind)).toEqual([kind]);
  });

  test.each([
    ["exact-limit", CHUNK_MAX_ITEMS, 1],
    ["limit-plus-one", CHUNK_MAX_ITEMS + 1, 2],
  ])("the %s of %d items makes %d requests", (_name, items, requests) => {
    expect(
      chunksOf(
        [],
        Array.from({ length: items }, () => text(100)),
      ),
    ).toHaveLength(requests);
  });

  test("nothing makes no request", () => {
    expect(chunksOf([], [])).toEqual([]);
  });
});

test("items are read only as far as batches are taken: a long history is never in memory as a whole", () => {
  let read = 0;
  function* history(): Generator<Message> {
    for (;;) {
      read++;
      yield text(100);
    }
  }
  const chunks = chunkItems([], history(), { maxBytes: 10_000, maxItems: 10 });
  chunks.next();
  expect(read).toBe(11);
});
