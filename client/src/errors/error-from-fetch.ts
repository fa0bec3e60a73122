import { NetworkError } from "./network-error.ts";
import { TimeoutError } from "./timeout-error.ts";

/** Codes of Node and undici (`E…`, `UND_ERR_…`) and of Bun (words), each with what it says and what to do. */
const CAUSES: readonly {
  readonly codes: RegExp;
  readonly what: string;
  readonly hint: string;
  readonly retryable: boolean;
}[] = [
  {
    codes: /^ECONNREFUSED$/,
    what: "nobody listens there (connection refused)",
    hint: "Start the server, or correct the address with `opencode-sync login`.",
    retryable: true,
  },
  {
    // Bun (1.3.14) says the same for an unknown name and for a server that does not speak TLS.
    codes: /^ConnectionRefused$/,
    what: "no connection (refused, or the name is not known)",
    hint: "Start the server, or correct the address with `opencode-sync login`.",
    retryable: true,
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|FailedToOpenSocket)$/,
    what: "the name is not known (DNS)",
    hint: "Check the spelling of the address and whether this machine is online.",
    retryable: true,
  },
  {
    codes: /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EHOSTDOWN)$/,
    what: "no route leads there",
    hint: "Check whether this machine is online, and its VPN.",
    retryable: true,
  },
  {
    codes: /(CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY))/,
    what: "its certificate is not trusted",
    hint: "For your own certificate authority set NODE_EXTRA_CA_CERTS to its PEM file before starting the program.",
    retryable: false,
  },
  {
    codes: /^(EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/,
    what: "it does not speak TLS there",
    hint: "Check whether the address must begin with http:// instead of https://, and its port.",
    retryable: false,
  },
  {
    codes: /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|ConnectionClosed)$/,
    what: "the connection broke",
    hint: "Try again. If it stays, look at the server's log and at the proxy before it.",
    retryable: true,
  },
];

const TIMEOUT_CODES = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|Timeout)$/;

/** How deep causes are followed: fetch wraps once, happy eyeballs once more. */
const MAX_CAUSE_DEPTH = 5;

/**
 * What a rejected `fetch` means.
 * @param reason what fetch rejected with, of any runtime
 * @param request what was asked, as `POST /sync/batch`
 * @param url address of the server, without credentials
 */
export function errorFromFetch(reason: unknown, request: string, url: string): NetworkError | TimeoutError {
  const code = codeOf(reason);
  if (code !== undefined && TIMEOUT_CODES.test(code)) return noAnswer(request, url, reason);
  const known = CAUSES.find(({ codes }) => code !== undefined && codes.test(code));
  const what = known?.what ?? (reason instanceof Error ? reason.message : "the request failed");
  return new NetworkError({
    message: `${request}: cannot reach ${url}: ${what}`,
    hint: localhostHint(code, url) ?? known?.hint ?? "Check the address and whether the server runs.",
    retryable: known?.retryable ?? true,
    code,
    cause: reason,
  });
}

/** The error of an attempt that took too long. */
export function noAnswer(request: string, url: string, cause: unknown): TimeoutError {
  return new TimeoutError({
    message: `${request}: ${url} did not answer in time`,
    hint: "Check the connection; a slow line may need smaller batches. What was not stored is sent again.",
    cause,
  });
}

/** `localhost` may be tried as ::1 first, where a server on 127.0.0.1 does not listen. */
function localhostHint(code: string | undefined, url: string): string | undefined {
  if (code !== "ECONNREFUSED" && code !== "ConnectionRefused") return undefined;
  if (new URL(url).hostname !== "localhost") return undefined;
  return `Start the server. If it runs, use ${url.replace("localhost", "127.0.0.1")}: localhost may mean IPv6 here.`;
}

/** The first code on the way down the causes; an AggregateError (one per address tried) counts through its first. */
function codeOf(reason: unknown, depth = 0): string | undefined {
  if (depth > MAX_CAUSE_DEPTH || typeof reason !== "object" || reason === null) return undefined;
  if ("code" in reason && typeof reason.code === "string") return reason.code;
  const inner = "cause" in reason ? codeOf(reason.cause, depth + 1) : undefined;
  if (inner !== undefined) return inner;
  return reason instanceof AggregateError ? codeOf(reason.errors[0], depth + 1) : undefined;
}
