import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A registry of npm's that knows one package. */
export interface NpmRegistry {
  /** For `npm_config_registry`. */
  readonly url: string;
  /** Paths asked for so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a registry with one version of a package without dependencies.
 * @param options.port a free one if absent
 * @param options.archive of the package; one with nothing in it if absent
 */
export async function startNpmRegistry(
  name: string,
  version: string,
  options: { readonly port?: number; readonly archive?: Buffer } = {},
): Promise<NpmRegistry> {
  const { port = 0, archive = pack(name, version) } = options;
  const requests: string[] = [];
  let url = "";
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    requests.push(path);
    if (path === "/package.tgz") return response.end(archive);
    if (path !== `/${name}`) return response.writeHead(404).end("{}");
    const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
    const manifest = { name, version, dist: { tarball: `${url}/package.tgz`, integrity } };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions: { [version]: manifest } }));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
  return {
    url,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The archive of a package that holds its name and nothing else. */
function pack(name: string, version: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "opensync-package-"));
  try {
    mkdirSync(join(folder, "package"));
    writeFileSync(join(folder, "package/package.json"), JSON.stringify({ name, version, main: "index.js" }));
    writeFileSync(join(folder, "package/index.js"), "");
    execFileSync("tar", ["-czf", join(folder, "package.tgz"), "-C", folder, "package"]);
    return readFileSync(join(folder, "package.tgz"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
