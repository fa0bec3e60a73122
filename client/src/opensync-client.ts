import * as z from "zod/mini";
import type { BatchChunk } from "./chunk.ts";
import type { CallOptions, ListSessionsOptions, OpenSyncClientOptions } from "./client-options.ts";
import {
  type BatchAnswer,
  type BatchRequest,
  batchAnswerSchema,
  type PushMessageAnswer,
  type PushSessionAnswer,
  pushMessageAnswerSchema,
  pushSessionAnswerSchema,
} from "./contract/batch.ts";
import { explainIssues } from "./contract/explain.ts";
import { type Health, healthSchema } from "./contract/health.ts";
import type { Message } from "./contract/message.ts";
import type { Session } from "./contract/session.ts";
import { type SessionMessages, sessionMessagesSchema } from "./contract/session-messages.ts";
import { type SessionsList, sessionsListSchema } from "./contract/sessions-list.ts";
import { toV1Message, toV1Session } from "./convex-v1.ts";
import { type ClientError, isClientError } from "./errors/client-error.ts";
import { ContractError } from "./errors/contract-error.ts";
import type { HttpRequest } from "./http/attempt.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./http/retry-policy.ts";
import { type Surroundings, send } from "./http/send.ts";
import { sleep } from "./http/sleep.ts";
import { isConvexUrl, normalizeUrl } from "./url.ts";

/** What is asked of the server: a path with its query, and a body of JSON. */
type ClientRequest = Pick<HttpRequest, "method" | "path" | "body">;

/**
 * The typed way to a server. Every method:
 * - retries network errors, timeouts, 429 and 5xx with growing pauses (`RetryPolicy`), never another 4xx;
 * - may be called again after any error: pushing the same twice changes nothing;
 * - throws `ClientError` (`isClientError` tells), or the reason of the caller's own signal.
 *
 * An address on Convex is spoken to in the v1 contract: `pushBatch` goes item by item, and there are no digests.
 */
export class OpenSyncClient {
  /** Normalised. */
  readonly url: string;
  readonly #apiKey: string | undefined;
  readonly #world: Surroundings;
  readonly #policy: RetryPolicy;
  readonly #isV1: boolean;

  /** @throws InvalidUrlError */
  constructor(options: OpenSyncClientOptions) {
    this.url = normalizeUrl(options.url);
    this.#apiKey = options.apiKey;
    this.#world = {
      // Not the bare function: a browser's fetch insists on its own `this`.
      fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
      now: options.now ?? Date.now,
      random: options.random ?? Math.random,
      sleep: options.sleep ?? sleep,
    };
    this.#policy = { ...DEFAULT_RETRY_POLICY, ...options.retry };
    this.#isV1 = isConvexUrl(this.url);
  }

  /** Whether a server answers there, and its version. Says nothing about the key: see `checkKey`. */
  health(options: CallOptions = {}): Promise<Health> {
    // Without the key: at a login the address is not yet known to be the right one.
    return this.#call({ method: "GET", path: "/health" }, undefined, healthSchema, options);
  }

  /**
   * Whether the server takes the key. Returns when it does.
   * @throws InvalidKeyError when it does not
   */
  async checkKey(options: CallOptions = {}): Promise<void> {
    await this.listSessions({ ...options, limit: 1 });
  }

  /** Revokes the key that this client uses: it works nowhere any more. */
  async revokeKey({ signal }: CallOptions = {}): Promise<void> {
    const request = { method: "DELETE", path: "/api/keys/current" } as const;
    await this.#call(request, this.#apiKey, z.unknown(), { signal });
  }

  /**
   * What the key may do. Call it after `checkKey`.
   * @returns undefined when the server does not tell, as a version 1 server
   */
  async keyScope({ signal }: CallOptions = {}): Promise<"sync" | "full" | undefined> {
    if (this.#isV1) return undefined;
    try {
      await this.get("/api/sessions?limit=1", z.unknown(), { signal });
      return "full";
    } catch (error) {
      if (!isClientError(error)) throw error;
      if (error.kind === "scope") return "sync";
      if (error.kind === "not-found") return undefined;
      throw error;
    }
  }

  /**
   * Stores a batch in one transaction. Stay within the limits of `chunkItems`.
   * @returns the counts, and one text for each item that was not stored: read `errors`, the call succeeds with them
   */
  pushBatch(batch: BatchRequest, options: CallOptions = {}): Promise<BatchAnswer> {
    return this.#isV1 ? this.#pushBatchV1(batch, options) : this.#pushBatchBody(JSON.stringify(batch), options);
  }

  /** As `pushBatch`, for a batch from `chunkItems`: its JSON is not made twice. */
  pushChunk(chunk: BatchChunk, options: CallOptions = {}): Promise<BatchAnswer> {
    return this.#isV1 ? this.#pushBatchV1(chunk.batch, options) : this.#pushBatchBody(chunk.body, options);
  }

  /** Stores one session. @throws DeletedError when it was deleted on the dashboard */
  pushSession(session: Session, options: CallOptions = {}): Promise<PushSessionAnswer> {
    const body = JSON.stringify(this.#isV1 ? toV1Session(session) : session);
    return this.#post("/sync/session", body, pushSessionAnswerSchema, options);
  }

  /** Stores one message. @throws DeletedError when its session was deleted on the dashboard */
  pushMessage(message: Message, options: CallOptions = {}): Promise<PushMessageAnswer> {
    const body = JSON.stringify(this.#isV1 ? toV1Message(message) : message);
    return this.#post("/sync/message", body, pushMessageAnswerSchema, options);
  }

  /** The sessions that the server has of this user, ordered by externalId. */
  listSessions({ signal, ...query }: ListSessionsOptions = {}): Promise<SessionsList> {
    const path = `/sync/sessions/list${queryText({
      digests: query.digests ? "1" : undefined,
      source: query.source,
      after: query.after,
      limit: query.limit?.toString(),
    })}`;
    return this.get(path, sessionsListSchema, { signal });
  }

  /**
   * The messages that the server has of one session, also removed ones, and the session itself: hash and version of
   * each, without content.
   * @returns no messages when it does not know the session
   */
  sessionMessages(externalId: string, options: CallOptions = {}): Promise<SessionMessages> {
    return this.get(
      `/sync/sessions/messages${queryText({ id: externalId, removed: "1" })}`,
      sessionMessagesSchema,
      options,
    );
  }

  #pushBatchBody(body: string, options: CallOptions): Promise<BatchAnswer> {
    return this.#post("/sync/batch", body, batchAnswerSchema, options);
  }

  /** What concerns one item becomes an entry of `errors`, as on our own server; the rest is thrown. */
  async #pushBatchV1({ sessions = [], messages = [] }: BatchRequest, options: CallOptions): Promise<BatchAnswer> {
    const errors: string[] = [];
    const pushed = { sessions: 0, messages: 0 };
    const push = async (kind: "sessions" | "messages", index: number, id: string, call: () => Promise<unknown>) => {
      try {
        await call();
        pushed[kind]++;
      } catch (error) {
        if (!isClientError(error) || !concernsOneItem(error)) throw error;
        errors.push(`${kind}[${index}] ${id}: ${error.message}`);
      }
    };
    for (const [index, item] of sessions.entries()) {
      await push("sessions", index, item.externalId, () => this.pushSession(item, options));
    }
    for (const [index, item] of messages.entries()) {
      await push("messages", index, item.externalId, () => this.pushMessage(item, options));
    }
    return { ok: true, ...pushed, errors };
  }

  #post<Schema extends z.core.$ZodType>(path: string, body: string, schema: Schema, options: CallOptions) {
    return this.call({ method: "POST", path, body }, schema, options);
  }

  /**
   * Reads a route that is no method here: see the functions of `reading.ts`, which a program that does not read leaves out.
   * @param schema what the answer must be
   */
  get<Schema extends z.core.$ZodType>(path: string, schema: Schema, options: CallOptions = {}) {
    return this.call({ method: "GET", path }, schema, options);
  }

  /** As `get`, for any method: see `curating.ts`. */
  call<Schema extends z.core.$ZodType>(request: ClientRequest, schema: Schema, options: CallOptions = {}) {
    return this.#call(request, this.#apiKey, schema, options);
  }

  async #call<Schema extends z.core.$ZodType>(
    request: ClientRequest,
    apiKey: string | undefined,
    schema: Schema,
    { signal }: CallOptions,
  ): Promise<z.infer<Schema>> {
    const answer = await send({ ...request, baseUrl: this.url, apiKey }, this.#world, {
      policy: this.#policy,
      signal,
      isRetryable: this.#isV1 ? (error) => error.retryable && !concernsOneItem(error) : undefined,
    });
    const parsed = z.safeParse(schema, answer);
    if (parsed.success) return parsed.data;
    throw new ContractError({
      message: `${request.method} ${request.path.replace(/\?.*/, "")} on ${this.url}: ${explainIssues(parsed.error.issues)}`,
      hint: "Another program, or another version of the server, answers there. Compare with `opencode-sync version`.",
    });
  }
}

/** v1 answers 500 for an item that it does not like: no use repeating it, and no reason to stop the others. */
function concernsOneItem(error: ClientError): boolean {
  return error.kind === "malformed-request" || error.kind === "too-large" || error.status === 500;
}

/** @returns `?a=1&b=2` of the values that are there; empty when none is. */
function queryText(values: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}
