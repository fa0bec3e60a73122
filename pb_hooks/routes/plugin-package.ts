import { notFound } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";

const PACKAGE_FILE = `opencode-sync-plugin-${OPENSYNC_VERSION}.tgz`;

/**
 * `GET /plugin.tgz`: the plugin package of this server's version; always asked again, since an update of the server
 * changes what is behind it.
 */
export function handlePluginPackage(e: core.RequestEvent): void {
  guardBodyless(e, () => sendPackage(e, "no-cache"));
}

/** `GET /plugin-<version>.tgz`: the same, pinned; a file that never changes. Another version is 404. */
export function sendPinnedPackage(e: core.RequestEvent, version: string): void {
  if (version !== OPENSYNC_VERSION) {
    throw notFound(`This server has version ${OPENSYNC_VERSION} of the plugin: /plugin-${OPENSYNC_VERSION}.tgz`);
  }
  sendPackage(e, "public, max-age=31536000, immutable");
}

function sendPackage(e: core.RequestEvent, cacheControl: string): void {
  const header = e.response.header();
  // By its ending the type would depend on the machine's own table of types, which an image from scratch lacks.
  header.set("Content-Type", "application/gzip");
  header.set("Cache-Control", cacheControl);
  try {
    e.fileFS($os.dirFS(`${__hooks}/../plugin`), PACKAGE_FILE);
  } catch {
    header.del("Content-Type");
    throw notFound("This server was built without the plugin package: run `npm run build plugin` beside it.");
  }
}
