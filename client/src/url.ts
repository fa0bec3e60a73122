import { InvalidUrlError } from "./errors/invalid-url-error.ts";

const EXAMPLE = "Write it like https://opensync.example.com or http://127.0.0.1:8090.";

/**
 * The one form of a server's address that the rest of the package works with: scheme, host, port and path, without a
 * trailing slash. `.convex.cloud` becomes `.convex.site`, where a v1 server answers HTTP.
 * @param input as a person typed it; spaces around it are ignored
 * @throws InvalidUrlError for anything but http and https, and for an address with user, password, query or fragment
 */
export function normalizeUrl(input: string): string {
  const text = input.trim();
  // "box:8090" parses as scheme "box:".
  if (!/^https?:\/\//i.test(text)) throw invalid("The server's address must begin with http:// or https://", EXAMPLE);
  if (!URL.canParse(text)) throw invalid("The server's address is not a valid URL", EXAMPLE);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw invalid("The server's address must not hold a user or password", "Sign in with an API key instead.");
  }
  if (url.search !== "" || url.hash !== "") {
    throw invalid("The server's address must end before ? and #", `Leave out the rest. ${EXAMPLE}`);
  }
  url.hostname = url.hostname.replace(/\.convex\.cloud$/, ".convex.site");
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** Whether a normalised address leads to a v1 server on Convex, which speaks the older contract only. */
export function isConvexUrl(url: string): boolean {
  return new URL(url).hostname.endsWith(".convex.site");
}

/**
 * Whether keys and sessions would travel readable for others: plain http to anything but this machine.
 * @param url a normalised address
 */
export function isInsecureUrl(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !isLoopback(hostname);
}

/** @param hostname as `URL` gives it: lower case, IPv4 in four numbers, IPv6 in brackets. */
function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  return hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function invalid(message: string, hint: string): InvalidUrlError {
  return new InvalidUrlError({ message, hint });
}
