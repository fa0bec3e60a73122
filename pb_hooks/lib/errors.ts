import { describe } from "./vm.ts";

/** Seconds after which a client may try again when the storage was busy. */
const RETRY_AFTER_S = 5;

/**
 * SQLite's and the operating system's words for storage that cannot take a write now: locked, full, read-only, broken.
 * Everything else that goes wrong inside a statement is our own mistake and stays a 500.
 */
const STORAGE_FAILURES = [
  "database is locked",
  "database table is locked",
  "SQLITE_BUSY",
  "database or disk is full",
  "disk I/O error",
  "attempt to write a readonly database",
  "unable to open database file",
  "file is not a database",
  "database disk image is malformed",
  "no space left on device",
  "sql: database is closed",
];

/** An answer that is not a success. The message is public: it names the thing and what to do, never a secret. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  /** Seconds, for 429 and 503. */
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** 400: the request is malformed; the text names the field and what was expected. */
export function badRequest(message: string): HttpError {
  return new HttpError(400, message);
}

/** 401: no key, token or session, or not a valid one. */
export function unauthorized(message: string): HttpError {
  return new HttpError(401, message);
}

/** 403: known caller, not allowed. */
export function forbidden(message: string): HttpError {
  return new HttpError(403, message);
}

/** 404: there is no such thing, or it belongs to somebody else. */
export function notFound(message: string): HttpError {
  return new HttpError(404, message);
}

/** 409: possible in itself, but not as things are; the text says what has to change first. */
export function conflict(message: string): HttpError {
  return new HttpError(409, message);
}

/** 410: it was there and will not come back. */
export function gone(message: string): HttpError {
  return new HttpError(410, message);
}

/** 413: more than the server takes in one request; the text names the limit. */
export function tooLarge(message: string): HttpError {
  return new HttpError(413, message);
}

/** 415: an encoding that the server does not decode. */
export function unsupportedMedia(message: string): HttpError {
  return new HttpError(415, message);
}

/**
 * 429 with Retry-After.
 * @param retryAfter seconds
 */
export function tooManyRequests(message: string, retryAfter: number): HttpError {
  return new HttpError(429, message, retryAfter);
}

/** 503 with Retry-After: trying again later is right. */
export function unavailable(message: string): HttpError {
  return new HttpError(503, message, RETRY_AFTER_S);
}

/**
 * Turns whatever was thrown into an answer; the only such mapping.
 * The cause of an unexpected error goes to the log alone, never to the client.
 */
function toHttpError(cause: unknown): HttpError {
  if (cause instanceof HttpError) return cause;
  const text = String(cause);
  if (STORAGE_FAILURES.some((words) => text.includes(words))) {
    return unavailable(
      "The server's storage is busy, full or damaged, so this could not be finished. Try again later; the cause is in the server's log.",
    );
  }
  return new HttpError(500, "The server failed on this request. The cause is in the server's log.");
}

/** Answers a failed request with `{"error": text}`, the form of every error on our routes. */
export function respondError(e: core.RequestEvent, cause: unknown): void {
  const error = toHttpError(cause);
  if (error.status >= 500) {
    e.app.logger().error(`${e.request?.method ?? ""} ${e.request?.url?.path ?? ""} failed`, "cause", describe(cause));
  }
  // A route that had begun its answer cannot take it back.
  if (e.written()) return;
  const header = e.response.header();
  if (error.retryAfter !== undefined) header.set("Retry-After", String(error.retryAfter));
  header.set("Cache-Control", "no-store");
  e.json(error.status, { error: error.message });
}
