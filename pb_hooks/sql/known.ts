import { STATED } from "./stated.ts";

// Most messages of a repeated sync are stored already, exactly as they are sent. They are found by what a snapshot is
// known by, before anything else of them is looked at.

/** Whether a text that messages tell of their session tells nothing new: nobody guesses any more, or nothing is said. */
const isNoNews = (name: "source" | "device") =>
  `(s.stated & ${STATED[name]} OR coalesce(i.item ->> '$.${name}', '') = '')`;

/** A number of the item: 0 when absent. */
const number = (name: string) => `coalesce(i.item ->> '$.${name}', 0)`;

/**
 * Notes the staged messages that would write nothing: the same content in a version that is not newer, with no more
 * places masked, in a session that is there. The plus signs keep a text from being taken for the number that it looks
 * like. Bind `user`.
 */
export const FIND_KNOWN = `INSERT INTO temp.stage_known (position)
SELECT i.position FROM temp.stage_messages_json i
CROSS JOIN sessions s ON s.user = {:user} AND s.externalId = i.item ->> '$.sessionExternalId'
CROSS JOIN messages m ON m.session = s.id AND m.externalId = i.item ->> '$.externalId'
WHERE m.hash > 0 AND +m.hash = i.item ->> '$.hash' AND ${number("redacted")} <= +m.redacted
  AND (${number("updatedAt")} < +m.updatedAt
    OR (${number("updatedAt")} = +m.updatedAt AND ${number("removedAt")} <= +m.removedAt))
  AND s.deletedAt = 0 AND ${isNoNews("source")} AND ${isNoNews("device")}`;

/** Whether a list names a message twice: then each item counts for what comes after it, and nothing is known beforehand. */
export const COUNT_REPEATED_ITEMS = `SELECT count(*) - (SELECT count(*) FROM (SELECT 1 FROM temp.stage_messages_json
  GROUP BY item ->> '$.sessionExternalId', item ->> '$.externalId')) AS n FROM temp.stage_messages_json`;

export const FORGET_KNOWN = "DELETE FROM temp.stage_known";
