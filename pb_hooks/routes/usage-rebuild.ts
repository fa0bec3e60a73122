import { guardBodyless } from "../lib/guard.ts";
import { requireOwner } from "../lib/reader.ts";
import { respondJson } from "../lib/respond.ts";
import { rebuildUsage } from "../reading/rebuild.ts";

/**
 * `POST /api/usage/rebuild`, for the owner of the server: counts the roll-up of all users anew from their messages,
 * which sessions follow too: `{ok, rows, differences}`. It is kept exact by triggers, so `differences` other than 0 means
 * that somebody changed tables by hand; they are mended then.
 */
export function handleUsageRebuild(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    requireOwner(e);
    let rebuilt = { rows: 0, differences: 0 };
    e.app.runInTransaction((txApp) => {
      rebuilt = rebuildUsage(txApp);
    });
    respondJson(e, { ok: true, ...rebuilt });
  });
}
