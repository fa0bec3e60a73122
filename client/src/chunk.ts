import type { BatchRequest } from "./contract/batch.ts";
import { CHUNK_MAX_BYTES, CHUNK_MAX_ITEMS } from "./contract/limits.ts";
import type { Message } from "./contract/message.ts";
import type { Session } from "./contract/session.ts";
import { utf8Length } from "./utf8-length.ts";

/** A batch that fits into one request, with its JSON: what was measured is what is sent. */
export interface BatchChunk {
  readonly kind: "batch";
  readonly batch: BatchRequest;
  readonly body: string;
  readonly bytes: number;
}

/** An item that fits into no request. The caller must cut it or tell about it. */
export interface OversizeItem {
  readonly kind: "too-large";
  readonly item: { readonly session: Session } | { readonly message: Message };
  /** Of the item's JSON, UTF-8. */
  readonly bytes: number;
}

export interface ChunkLimits {
  /** Of the whole body. */
  readonly maxBytes: number;
  /** Sessions and messages together. */
  readonly maxItems: number;
}

const DEFAULT_LIMITS: ChunkLimits = { maxBytes: CHUNK_MAX_BYTES, maxItems: CHUNK_MAX_ITEMS };

/** Bytes of a body without items. */
const FRAME_BYTES = utf8Length('{"sessions":[],"messages":[]}');

/**
 * Cuts sessions and messages into batches within the limits. Nothing is lost and the order is kept: all sessions
 * before the first message, as the server applies them. Reads its inputs only as far as it has yielded.
 * @returns batches in order, none empty; each item that alone is too large comes out by itself, at its place
 * @throws TypeError when an item is not JSON (a cycle, a BigInt)
 */
export function* chunkItems(
  sessions: Iterable<Session>,
  messages: Iterable<Message>,
  limits: ChunkLimits = DEFAULT_LIMITS,
): Generator<BatchChunk | OversizeItem, void, undefined> {
  let open = new OpenBatch();
  for (const item of inOrder(sessions, messages)) {
    const json = JSON.stringify("session" in item ? item.session : item.message);
    const bytes = utf8Length(json);
    if (FRAME_BYTES + bytes > limits.maxBytes) {
      if (!open.isEmpty) yield open.close();
      open = new OpenBatch();
      yield { kind: "too-large", item, bytes };
      continue;
    }
    if (!open.hasRoomFor(bytes, limits)) {
      yield open.close();
      open = new OpenBatch();
    }
    open.add(item, json, bytes);
  }
  if (!open.isEmpty) yield open.close();
}

function* inOrder(sessions: Iterable<Session>, messages: Iterable<Message>): Generator<OversizeItem["item"]> {
  for (const session of sessions) yield { session };
  for (const message of messages) yield { message };
}

/** A batch that is being filled. */
class OpenBatch {
  readonly #sessions: Session[] = [];
  readonly #messages: Message[] = [];
  readonly #sessionJsons: string[] = [];
  readonly #messageJsons: string[] = [];
  #bytes = FRAME_BYTES;

  get isEmpty(): boolean {
    return this.#itemCount === 0;
  }

  get #itemCount(): number {
    return this.#sessions.length + this.#messages.length;
  }

  /** One byte more than the item: a comma before it. */
  hasRoomFor(itemBytes: number, { maxBytes, maxItems }: ChunkLimits): boolean {
    return this.isEmpty || (this.#itemCount < maxItems && this.#bytes + itemBytes + 1 <= maxBytes);
  }

  add(item: OversizeItem["item"], json: string, itemBytes: number): void {
    const jsons = "session" in item ? this.#sessionJsons : this.#messageJsons;
    this.#bytes += itemBytes + (jsons.length === 0 ? 0 : 1);
    jsons.push(json);
    if ("session" in item) this.#sessions.push(item.session);
    else this.#messages.push(item.message);
  }

  close(): BatchChunk {
    return {
      kind: "batch",
      batch: { sessions: this.#sessions, messages: this.#messages },
      body: `{"sessions":[${this.#sessionJsons.join(",")}],"messages":[${this.#messageJsons.join(",")}]}`,
      bytes: this.#bytes,
    };
  }
}
