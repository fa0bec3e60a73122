import type { ClientError } from "./client-error.ts";
import { DeletedError } from "./deleted-error.ts";
import { InvalidKeyError } from "./invalid-key-error.ts";
import { MalformedRequestError } from "./malformed-request-error.ts";
import { NotFoundError } from "./not-found-error.ts";
import { RateLimitedError } from "./rate-limited-error.ts";
import { ScopeError } from "./scope-error.ts";
import { TooLargeError } from "./too-large-error.ts";
import { UnavailableError } from "./unavailable-error.ts";

export interface FailedAnswer {
  /** HTTP status, 400 … 599. */
  readonly status: number;
  /** The server's own words; empty when it said nothing that we understand. */
  readonly text: string;
  /** What was asked, as `POST /sync/batch`. */
  readonly request: string;
  /** Address of the server, without credentials. */
  readonly url: string;
  /** From Retry-After, milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** The error that says what an answer of 400 or above means, in the server's words where it has some. */
export function errorFromAnswer({ status, text, request, url, retryAfterMs }: FailedAnswer): ClientError {
  const message = `${request} on ${url} was answered ${status}${text === "" ? "" : `: ${text}`}`;
  if (status >= 500) {
    const hint = "The server or a proxy before it fails. Look at the server's log; what was not stored is sent again.";
    return new UnavailableError({ message, hint, status, retryAfterMs });
  }
  switch (status) {
    case 401:
      return new InvalidKeyError({
        message,
        status,
        hint: "Make a new key on the dashboard (Settings, API keys), then run `opencode-sync login`.",
      });
    case 403:
      return new ScopeError({
        message,
        status,
        hint: "This needs a key with another scope: make one on the dashboard (Settings, API keys).",
      });
    case 404:
      return new NotFoundError({
        message,
        status,
        hint: `Check the address: ${url}/health must answer "ok" on an OpenSync server.`,
      });
    case 410:
      return new DeletedError({ message, status, hint: "Restore it on the dashboard to sync it again." });
    case 413:
      return new TooLargeError({
        message,
        status,
        hint: "Send less at once. When the server's own limit (8 MiB) is not reached, raise the one of the proxy before it.",
      });
    case 429:
      return new RateLimitedError({ message, hint: "Wait, then try again.", status, retryAfterMs });
    default:
      return new MalformedRequestError({
        message,
        status,
        hint: "The client and the server do not match: update the older one (`opencode-sync version` shows both).",
      });
  }
}
