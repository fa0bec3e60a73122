import { badRequest, tooLarge, unsupportedMedia } from "./errors.ts";

/** Bytes of a request body that ingest takes; one of 16 MiB would cost 150 MB of memory on its way into SQLite. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * The request body as text, untouched: hand it to SQLite. `JSON.parse` of what a client sent would let
 * 3 MB of `[` end the process.
 * @param maxBytes limit, checked against Content-Length before a byte is read, because an answer after a
 *   partial read breaks the keep-alive connection; a body without a length is read up to the limit
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
    if (request.contentLength >= 0) return toString(request.body, maxBytes + 1);
  } catch {
    throw bodyBrokeOff();
  }
  return readChunkedBody(e, request, maxBytes);
}

/** Without a Content-Length only the bytes themselves tell the size, and the count must be in bytes, not UTF-16 units. */
function readChunkedBody(e: core.RequestEvent, request: http.Request, maxBytes: number): string {
  let bytes: number[];
  try {
    bytes = toBytes(request.body, maxBytes + 1);
  } catch {
    throw bodyBrokeOff();
  }
  if (bytes.length > maxBytes) {
    // The rest of the body is still on its way: this connection cannot carry another request.
    e.response.header().set("Connection", "close");
    throw bodyTooLarge(maxBytes);
  }
  return toString(bytes);
}

function bodyTooLarge(maxBytes: number): Error {
  const limit = maxBytes >= 1024 * 1024 ? `${maxBytes / 1024 / 1024} MiB` : `${maxBytes / 1024} KiB`;
  return tooLarge(`The body is larger than ${limit}: split it into smaller requests.`);
}

function bodyBrokeOff(): Error {
  return badRequest("The body broke off before its announced end.");
}
