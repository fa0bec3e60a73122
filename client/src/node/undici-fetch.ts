import { EnvHttpProxyAgent, fetch as undiciFetch } from "undici";
import type { FetchLike } from "../http/fetch-like.ts";

/** Hosts that no proxy is asked for: a proxy elsewhere would look for the server on itself. */
const NEVER_PROXIED = "localhost,127.0.0.1,[::1]";

/** Connections to one server. One person's CLI pushes a few batches at a time; a proxy may be shared by many. */
const MAX_CONNECTIONS = 4;

/** Connecting takes a round trip or two (and a few more for TLS): who has not answered by then is not there. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Silence before, and pauses within, an answer. The client's own attempt limit is above these. */
const ANSWER_TIMEOUT_MS = 45_000;

export interface UndiciFetch {
  /** For `OpenSyncClient`'s `fetch`. */
  readonly fetch: FetchLike;
  /** Ends idle connections, so that a finished program exits at once. Waits for running requests. */
  close(): Promise<void>;
}

/**
 * A `fetch` with what the runtime's own lacks in Node: a proxy from the environment (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `NO_PROXY`, upper or lower case, lower first), a limited pool, and a time limit for each phase. An own certificate
 * authority is Node's matter: NODE_EXTRA_CA_CERTS is read by Node itself at its start and holds here too.
 *
 * Import this module lazily and in the CLI only: undici is eight times the size of everything else.
 * @param env where the proxy variables are read
 * @throws TypeError when a proxy's address is not a URL
 */
export function createUndiciFetch(env: Readonly<Record<string, string | undefined>> = process.env): UndiciFetch {
  const noProxy = env["no_proxy"] ?? env["NO_PROXY"];
  const dispatcher = new EnvHttpProxyAgent({
    // Empty, not absent: absent would make undici look into process.env by itself.
    httpProxy: env["http_proxy"] ?? env["HTTP_PROXY"] ?? "",
    httpsProxy: env["https_proxy"] ?? env["HTTPS_PROXY"] ?? "",
    noProxy: noProxy === undefined ? NEVER_PROXIED : `${noProxy},${NEVER_PROXIED}`,
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  return {
    fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }),
    close: () => dispatcher.close(),
  };
}
