import { badRequest, HttpError, tooLarge, unsupportedMedia } from "./errors.ts";

const MIB = 1024 * 1024;

/** Bytes of a request body that ingest takes; one of 16 MiB would cost 150 MB of memory on its way into SQLite. */
const MAX_BODY_BYTES = 8 * MIB;

/** Bytes of an unread body that Go reads away by itself before it takes the next request from the connection. */
const GO_DRAINS_BYTES = 256 * 1024;

/** Bytes of an unread body that we read away to keep the connection; PocketBase's own limit for bodies. */
const MAX_DRAIN_BYTES = 32 * MIB;

const DRAIN_CHUNK_BYTES = 256 * 1024;

/** Set on the event once the body was read to its end. */
const WAS_READ = "opensyncBodyWasRead";

/**
 * The request body as text, untouched: hand it to SQLite. `JSON.parse` of what a client sent would let
 * 3 MB of `[` end the process.
 * @param maxBytes limit, checked against Content-Length before a byte is read
 * @returns "" when there is no body
 * @throws HttpError 413 over the limit, 415 for any Content-Encoding, 400 when the body broke off
 */
export function readBody(e: core.RequestEvent, maxBytes = MAX_BODY_BYTES): string {
  const request = e.request;
  if (!request) return "";
  const encoding = request.header.get("Content-Encoding").trim().toLowerCase();
  if (encoding !== "" && encoding !== "identity") {
    throw unsupportedMedia(`Content-Encoding ${encoding.slice(0, 40)} is not supported: send the body uncompressed.`);
  }
  if (request.contentLength > maxBytes) throw bodyTooLarge(maxBytes);
  try {
    const body = request.contentLength >= 0 ? toString(request.body, maxBytes + 1) : readChunked(request, maxBytes);
    e.set(WAS_READ, true);
    return body;
  } catch (cause) {
    if (cause instanceof HttpError) throw cause;
    throw badRequest("The body broke off before its announced end.");
  }
}

/** Without a Content-Length only the bytes themselves tell the size, and the count must be in bytes, not UTF-16 units. */
function readChunked(request: http.Request, maxBytes: number): string {
  const bytes = toBytes(request.body, maxBytes + 1);
  if (bytes.length > maxBytes) throw bodyTooLarge(maxBytes);
  return toString(bytes);
}

/**
 * Before an answer to a request whose body was not read: reads the body away, or has the connection closed. PocketBase
 * hides from Go that a body was left unread, and Go would then take the rest of it for the connection's next request:
 * that breaks the client's keep-alive, and behind a proxy that shares connections it would let one client speak for
 * another.
 */
export function drainBody(e: core.RequestEvent): void {
  const request = e.request;
  if (!request || e.get(WAS_READ) === true) return;
  const announced = request.contentLength;
  if (announced >= 0 && announced <= GO_DRAINS_BYTES) return;
  if (announced <= MAX_DRAIN_BYTES && readAway(request)) e.set(WAS_READ, true);
  else e.response.header().set("Connection", "close");
}

/** Whether the end of the body was reached. */
function readAway(request: http.Request): boolean {
  try {
    for (let drained = 0; drained < MAX_DRAIN_BYTES; ) {
      const bytes = toBytes(request.body, DRAIN_CHUNK_BYTES).length;
      drained += bytes;
      if (bytes < DRAIN_CHUNK_BYTES || drained === request.contentLength) return true;
    }
  } catch {
    // The client is gone or too slow; so is the connection.
  }
  return false;
}

function bodyTooLarge(maxBytes: number): Error {
  const limit = maxBytes >= MIB ? `${maxBytes / MIB} MiB` : `${maxBytes / 1024} KiB`;
  return tooLarge(`The body is larger than ${limit}: split it into smaller requests.`);
}
