import { describe, expect, test, vi } from "vitest";
import { isClientError } from "./client-error.ts";
import { errorFromAnswer } from "./error-from-answer.ts";
import { errorFromFetch } from "./error-from-fetch.ts";
import { isOpenSyncError, OpenSyncError } from "./opensync-error.ts";

const URL_OF_SERVER = "https://box.example.com";

describe("an answer of", () => {
  test.each<[status: number, name: string, kind: string, retryable: boolean]>([
    [400, "MalformedRequestError", "malformed-request", false],
    [401, "InvalidKeyError", "invalid-key", false],
    [403, "ScopeError", "scope", false],
    [404, "NotFoundError", "not-found", false],
    [405, "MalformedRequestError", "malformed-request", false],
    [410, "DeletedError", "deleted", false],
    [413, "TooLargeError", "too-large", false],
    [415, "MalformedRequestError", "malformed-request", false],
    [429, "RateLimitedError", "rate-limited", true],
    [500, "UnavailableError", "unavailable", true],
    [503, "UnavailableError", "unavailable", true],
    [599, "UnavailableError", "unavailable", true],
  ])("%d is a %s", (status, name, kind, retryable) => {
    const error = errorFromAnswer({
      status,
      text: "the server's words",
      request: "POST /sync/batch",
      url: URL_OF_SERVER,
      retryAfterMs: 7_000,
    });
    expect(error).toBeInstanceOf(OpenSyncError);
    expect(error).toMatchObject({ name, kind, retryable, status });
    expect(error.message).toBe(`POST /sync/batch on ${URL_OF_SERVER} was answered ${status}: the server's words`);
    expect(error.hint).not.toBe("");
    if (retryable) expect(error).toMatchObject({ retryAfterMs: 7_000 });
  });

  test("a server without words leaves only its status", () => {
    const error = errorFromAnswer({
      status: 502,
      text: "",
      request: "GET /health",
      url: URL_OF_SERVER,
      retryAfterMs: undefined,
    });
    expect(error.message).toBe(`GET /health on ${URL_OF_SERVER} was answered 502`);
  });
});

describe("a failed fetch with", () => {
  const withCode = (code: string) => Object.assign(new Error("inner"), { code });

  test.each<[name: string, reason: unknown, kind: string, retryable: boolean, says: string]>([
    ["Node's refused connection", wrapped(withCode("ECONNREFUSED")), "network", true, "connection refused"],
    ["Bun's refused connection", withCode("ConnectionRefused"), "network", true, "no connection"],
    [
      "every address refused",
      wrapped(new AggregateError([withCode("ECONNREFUSED")])),
      "network",
      true,
      "connection refused",
    ],
    ["an unknown name", wrapped(withCode("ENOTFOUND")), "network", true, "name is not known"],
    ["no network", wrapped(withCode("ENETUNREACH")), "network", true, "no route"],
    ["a broken connection", wrapped(withCode("UND_ERR_SOCKET")), "network", true, "connection broke"],
    ["a self-signed certificate", wrapped(withCode("DEPTH_ZERO_SELF_SIGNED_CERT")), "network", false, "not trusted"],
    ["an unknown authority", wrapped(withCode("UNABLE_TO_GET_ISSUER_CERT_LOCALLY")), "network", false, "not trusted"],
    ["an expired certificate", wrapped(withCode("CERT_HAS_EXPIRED")), "network", false, "not trusted"],
    ["another host's certificate", wrapped(withCode("ERR_TLS_CERT_ALTNAME_INVALID")), "network", false, "not trusted"],
    ["no TLS", wrapped(withCode("ERR_SSL_WRONG_VERSION_NUMBER")), "network", false, "does not speak TLS"],
    [
      "undici's connect timeout",
      wrapped(withCode("UND_ERR_CONNECT_TIMEOUT")),
      "timeout",
      true,
      "did not answer in time",
    ],
    ["the system's timeout", wrapped(withCode("ETIMEDOUT")), "timeout", true, "did not answer in time"],
    ["a browser's silence", new TypeError("Failed to fetch"), "network", true, "Failed to fetch"],
    ["something that is no error", "odd", "network", true, "the request failed"],
  ])("%s", (_name, reason, kind, retryable, says) => {
    const error = errorFromFetch(reason, "GET /health", URL_OF_SERVER);
    expect(error).toMatchObject({ kind, retryable, status: undefined, cause: reason });
    expect(error.message).toContain("GET /health");
    expect(error.message).toContain(URL_OF_SERVER);
    expect(error.message).toContain(says);
    expect(error.hint).not.toBe("");
  });

  test("causes that go in a circle ends", () => {
    const circle = new Error("round");
    circle.cause = circle;
    expect(errorFromFetch(circle, "GET /health", URL_OF_SERVER).message).toContain("round");
  });

  test("a refused localhost gets the advice to try IPv4", () => {
    const refused = wrapped(withCode("ECONNREFUSED"));
    const hint = "http://127.0.0.1:8090";
    expect(errorFromFetch(refused, "GET /health", "http://localhost:8090").hint).toContain(hint);
    expect(errorFromFetch(refused, "GET /health", "http://127.0.0.1:8090").hint).not.toContain(hint);
  });

  test("an untrusted certificate gets the advice to name its authority", () => {
    const untrusted = wrapped(withCode("SELF_SIGNED_CERT_IN_CHAIN"));
    expect(errorFromFetch(untrusted, "GET /health", URL_OF_SERVER).hint).toContain("NODE_EXTRA_CA_CERTS");
  });
});

describe("isOpenSyncError", () => {
  test("knows the errors of another copy of this module", async () => {
    vi.resetModules();
    const copy = await import("./invalid-key-error.ts");
    const error = new copy.InvalidKeyError({ message: "m", hint: "h", status: 401 });
    expect(error).not.toBeInstanceOf(OpenSyncError);
    expect(isOpenSyncError(error)).toBe(true);
    expect(isClientError(error)).toBe(true);
  });

  test("knows a kind that another package adds, which is no error of the client", () => {
    class ConfigError extends OpenSyncError {
      override readonly name = "ConfigError";
      override readonly kind = "config";
      override readonly retryable = false;
    }
    const error = new ConfigError({ message: "m", hint: "h" });
    expect(isOpenSyncError(error)).toBe(true);
    expect(isClientError(error)).toBe(false);
  });

  test.each([[new Error("other")], [new DOMException("stop", "AbortError")], [null], [undefined], ["text"], [{}]])(
    "does not know %o",
    (value) => {
      expect(isOpenSyncError(value)).toBe(false);
    },
  );
});

/** As Node's fetch wraps what happened. */
function wrapped(cause: Error): TypeError {
  return new TypeError("fetch failed", { cause });
}
