import { errorAnswerSchema } from "../contract/error-answer.ts";
import { ContractError } from "../errors/contract-error.ts";
import { errorFromAnswer } from "../errors/error-from-answer.ts";
import { errorFromFetch, noAnswer } from "../errors/error-from-fetch.ts";
import type { FetchAnswer, FetchLike } from "./fetch-like.ts";
import { readText } from "./read-text.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** One request, ready to be sent any number of times. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Address of the server, normalised. */
  readonly baseUrl: string;
  /** Path and query, from `/`. */
  readonly path: string;
  /** Sent as a bearer token; never part of an error. */
  readonly apiKey?: string | undefined;
  /** JSON. */
  readonly body?: string | undefined;
}

/** The most of a foreign error page that is quoted, in characters. */
const MAX_QUOTE_CHARS = 200;

/**
 * Sends a request once.
 * @param timeoutMs for all of it, to the last byte of the answer
 * @param signal the caller's; its reason is thrown as it is
 * @returns the parsed JSON of an answer of 2xx; undefined of one that has no content
 * @throws ClientError
 */
export async function attempt(
  request: HttpRequest,
  fetch: FetchLike,
  nowMs: () => number,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const name = `${request.method} ${request.path.replace(/\?.*/, "")}`;
  const timeout = AbortSignal.timeout(timeoutMs);
  let answer: FetchAnswer;
  let text: string | undefined;
  try {
    answer = await fetch(request.baseUrl + request.path, {
      method: request.method,
      headers: headersOf(request),
      ...(request.body === undefined ? {} : { body: request.body }),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      redirect: "manual",
    });
    text = await readText(answer);
  } catch (reason) {
    signal?.throwIfAborted();
    throw timeout.aborted ? noAnswer(name, request.baseUrl, reason) : errorFromFetch(reason, name, request.baseUrl);
  }
  if (text === undefined) throw notOurs(name, request.baseUrl, answer.status, "the answer is far too large");
  if (answer.status >= 400) {
    throw errorFromAnswer({
      status: answer.status,
      text: errorText(text),
      request: name,
      url: request.baseUrl,
      retryAfterMs: parseRetryAfter(answer.headers.get("retry-after"), nowMs()),
    });
  }
  if (answer.status < 200 || answer.status >= 300) throw redirected(name, request.baseUrl, answer);
  if (answer.status === 204) return undefined;
  const json = parseJson(text);
  if (json === undefined) throw notOurs(name, request.baseUrl, answer.status, "the answer is not JSON");
  return json.value;
}

function headersOf({ apiKey, body }: HttpRequest): Record<string, string> {
  return {
    accept: "application/json",
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
}

/** @returns the value in a box, because `null` is JSON too; undefined when the text is not JSON. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** The server's words; of a page that is not ours, its beginning on one line, without tags. */
function errorText(text: string): string {
  const ours = errorAnswerSchema.safeParse(parseJson(text)?.value);
  if (ours.success) return ours.data.error;
  const plain = text.slice(0, 4_000).replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, " ");
  const line = plain.replace(/\s+/g, " ").trim();
  return line.length > MAX_QUOTE_CHARS ? `${line.slice(0, MAX_QUOTE_CHARS)}…` : line;
}

function notOurs(name: string, url: string, status: number, what: string): ContractError {
  return new ContractError({
    message: `${name} on ${url}: ${what}`,
    hint: `Another program answers there. Check the address: ${url}/health must answer "ok" on an OpenSync server.`,
    status,
  });
}

/** Only the target's origin is told: the rest of a sign-in page's address may hold a token. */
function redirected(name: string, url: string, answer: FetchAnswer): ContractError {
  const location = answer.headers.get("location");
  const target = location === null || !URL.canParse(location, url) ? undefined : new URL(location, url).origin;
  return new ContractError({
    message: `${name} on ${url} is redirected${target === undefined ? "" : ` to ${target}`}`,
    hint:
      target === undefined || target === new URL(url).origin
        ? "Use the server's final address; a sign-in page before it must let /sync and /health through."
        : `If that is your server, use ${target} as its address; else a sign-in page stands before it.`,
    status: answer.status,
  });
}
