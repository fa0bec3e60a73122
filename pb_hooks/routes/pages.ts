import { notFound } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";
import { sendPinnedPackage } from "./plugin-package.ts";

/**
 * `GET /{path...}`: the dashboard. A last part with a dot names a file; every other path is one of the dashboard's own
 * pages and gets index.html, which knows them. Answers are revalidated: index.html names the assets of one build.
 */
export function handlePage(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const path = e.request?.pathValue("path") ?? "";
    const pinned = /^plugin-(.+)\.tgz$/.exec(path)?.[1];
    if (pinned !== undefined) {
      sendPinnedPackage(e, pinned);
      return;
    }
    const isFile = /\.[^/]*$/.test(path);
    e.response.header().set("Cache-Control", "no-cache");
    sendFile(e, isFile ? path : "index.html");
  });
}

function sendFile(e: core.RequestEvent, path: string): void {
  try {
    e.fileFS($os.dirFS(`${__hooks}/../dashboard`), path);
  } catch {
    throw path === "index.html"
      ? notFound("The dashboard is not part of this server: run `npm run build dashboard` beside it.")
      : notFound("There is no such file.");
  }
}

/**
 * Around `/assets/*`, whose names carry a digest of their content: cached for a year. A miss must not be: the next
 * build may well have the file.
 */
export function cacheAssets(e: core.RequestEvent): void {
  const header = e.response.header();
  header.set("Cache-Control", "public, max-age=31536000, immutable");
  guardBodyless(e, () => {
    try {
      e.next();
    } catch {
      throw notFound("There is no such file.");
    }
  });
}

/** Everything under our own paths that is no route: JSON for programs, never the dashboard's page. */
export function handleUnknownRoute(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const route = `${e.request?.method ?? ""} ${e.request?.url?.path ?? ""}`.slice(0, 200);
    throw notFound(`There is no route ${route} on this server (OpenSync ${OPENSYNC_VERSION}).`);
  });
}
