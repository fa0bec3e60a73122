// What follows from a session being deleted or restored, whoever does it.
import { FIRST_COPY } from "./usage.ts";

/** How long the content of a deleted session can be restored, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const crossed = "(new.deletedAt > 0) <> (old.deletedAt > 0)";

/**
 * Triggers on `sessions.deletedAt`.
 *
 * `trash_time` keeps `purgeAt`, when the content goes: 0 for a session that is not deleted, and for one whose content
 * is gone already. `trash_copies` settles which copy of a paid response counts: one in a deleted session never hides
 * one that is still there. Rows without an owner wait for the end of their content, nobody counts them.
 */
export const TRASH_TRIGGERS: Readonly<Record<string, string>> = {
  trash_time: `AFTER UPDATE OF deletedAt ON sessions WHEN ${crossed} AND (new.purgeAt > 0) <> (new.deletedAt > 0)
    BEGIN UPDATE sessions SET purgeAt = iif(new.deletedAt > 0, new.deletedAt + ${KEPT_MS}, 0) WHERE rowid = new.rowid; END`,
  trash_copies: `AFTER UPDATE OF deletedAt ON sessions WHEN ${crossed} AND new.user <> ''
    BEGIN UPDATE messages SET isCopy = 1 - isCopy WHERE rowid IN (
      SELECT c.rowid FROM messages o CROSS JOIN messages c
        ON c.user = o.user AND c.responseId = o.responseId AND c.responseId <> ''
      WHERE o.session = new.id AND o.responseId <> ''
        AND EXISTS (SELECT 1 FROM messages m WHERE m.user = o.user AND m.responseId = o.responseId
          AND m.responseId <> '' AND m.rowid <> o.rowid)
        AND c.isCopy <> (c.rowid <> (SELECT m.rowid FROM messages m
          WHERE m.user = o.user AND m.responseId = o.responseId AND m.responseId <> '' ORDER BY ${FIRST_COPY} LIMIT 1)));
    END`,
};
