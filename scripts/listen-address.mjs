import { createServer } from "node:net";
import { SetupError } from "./setup-error.mjs";

/** What people open where the server listens on every address. */
const EVERYWHERE = new Set(["", "0.0.0.0", "[::]"]);

/**
 * Takes an address to listen on apart.
 * @param {string} http as OPENSYNC_HTTP names it, such as `127.0.0.1:8090`, `:8090` or `[::1]:8090`
 * @returns {{ host: string, port: number }} an empty host is every address of this machine
 * @throws {SetupError} when it is no address and port
 */
function parseAddress(http) {
  const [, host, port] = http.match(/^([^:/]*|\[[^\]]+\]):(\d{1,5})$/) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    throw new SetupError(
      `OPENSYNC_HTTP is "${http}", and that is not an address with a port.`,
      "Set it to one such as 127.0.0.1:8090, or unset it.",
    );
  }
  return { host, port: Number(port) };
}

/**
 * The address under which a browser on this machine finds a server that listens there.
 * @param {string} http as OPENSYNC_HTTP names it
 * @returns {string} without a slash at the end
 */
export function localUrl(http) {
  const { host, port } = parseAddress(http);
  return `http://${EVERYWHERE.has(host) ? "127.0.0.1" : host}:${port}`;
}

/**
 * Makes sure that a server can listen there. PocketBase finds out for itself only after it has printed a setup link,
 * and then ends as if all were well; meanwhile whatever listens there already answers in its place.
 * @param {string} http as OPENSYNC_HTTP names it
 * @throws {SetupError} when it is taken, forbidden, or no address of this machine
 */
export async function ensureFree(http) {
  const { host, port } = parseAddress(http);
  const probe = createServer();
  try {
    await new Promise((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ port, ...(host !== "" && { host: host.replace(/^\[|\]$/g, "") }) }, () => resolve(undefined));
    });
  } catch (cause) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (cause);
    if (code === "EADDRINUSE") throw await takenError(http, cause);
    throw new SetupError(
      `OpenSync cannot listen on ${http}: ${message}.`,
      "Set OPENSYNC_HTTP to an address of this machine and a port above 1023, or unset it.",
      { cause },
    );
  } finally {
    probe.close();
  }
}

/**
 * Two servers must not share one database, so whoever has one running already is not sent to another port.
 * @param {string} http
 * @param {unknown} cause
 */
async function takenError(http, cause) {
  const url = localUrl(http);
  if (await isOpenSync(url)) {
    return new SetupError(
      `An OpenSync runs on ${http} already.`,
      `Open it: ${url}. To start it anew, stop it first: Ctrl-C where it runs.`,
      { cause },
    );
  }
  return new SetupError(
    `Something else listens on ${http} already.`,
    "Choose another port: OPENSYNC_HTTP=127.0.0.1:8091 npm start",
    { cause },
  );
}

/**
 * @param {string} url
 * @returns {Promise<boolean>}
 */
async function isOpenSync(url) {
  try {
    const answer = await (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) })).json();
    return typeof answer.status === "string" && "version" in answer;
  } catch {
    return false;
  }
}
