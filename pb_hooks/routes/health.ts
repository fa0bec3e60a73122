import type { Health, Unhealthy } from "@opensync/client";
import { HttpError, unavailable } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";
import { describe, queryOne } from "../lib/vm.ts";

/**
 * `GET /health`: whether this server can do its work, for people, containers and monitors.
 * 200 `{status:"ok", timestamp, version}`, or 503 `{status:"error", error}` when the database cannot be read.
 * It only reads: a backup holds the write lock for minutes, and a server must not be restarted in the middle of one.
 */
export function handleHealth(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    e.response.header().set("Cache-Control", "no-store");
    try {
      readDatabase(e.app);
    } catch (cause) {
      const error = cause instanceof HttpError ? cause : unavailable("The database cannot be read.");
      e.app.logger().error("GET /health: the database cannot be read", "cause", describe(cause));
      e.response.header().set("Retry-After", String(error.retryAfter ?? 5));
      const answer: Unhealthy = { status: "error", error: error.message };
      e.json(503, answer);
      return;
    }
    const answer: Health = { status: "ok", timestamp: Date.now(), version: OPENSYNC_VERSION };
    e.json(200, answer);
  });
}

/** @throws when the database, or our schema in it, is not there */
function readDatabase(app: core.App): void {
  // Open files outlive their directory entry: a server whose volume was removed would go on answering from a ghost.
  try {
    $os.stat(`${app.dataDir()}/data.db`);
  } catch {
    throw unavailable("The database file is gone: is the data volume still there?");
  }
  queryOne(app, "SELECT COUNT(*) AS n FROM (SELECT 1 FROM users LIMIT 1)", {}, { n: 0 });
}
