import { badRequest } from "../lib/errors.ts";
import type { Fields } from "../lib/fields.ts";

/** What people add to sessions, ready to be bound; null leaves what is there. */
export interface Changes {
  readonly customTitle: string | null;
  readonly notes: string | null;
  readonly evalStatus: string | null;
  readonly evalNotes: string | null;
  readonly expectedOutput: string | null;
  readonly starred: boolean | null;
  readonly evalReady: boolean | null;
  /** A JSON list that replaces the tags. */
  readonly tags: string | null;
  /** JSON lists. */
  readonly addTags: string;
  readonly removeTags: string;
}

/** Bytes of a body with changes; the longest text is a session's expected output. */
export const MAX_CHANGES_BYTES = 2 * 1024 * 1024;

/** Tags of one session. */
export const MAX_TAGS = 50;

/** UTF-16 units. */
const MAX_TITLE_LENGTH = 500;
const MAX_NOTES_LENGTH = 50_000;
const MAX_OUTPUT_LENGTH = 200_000;
const MAX_TAG_LENGTH = 50;

const EVAL_STATUSES = ["golden", "correct", "incorrect", "needs_review"];

/**
 * Reads changes out of a body. Absent keeps what is stored; `null`, `""`, `false` and `[]` clear it.
 * @throws HttpError 400 for a wrong type, a text that is too long, an unknown status, or no change at all
 */
export function readChanges(fields: Fields): Changes {
  const text = (name: string, maxLength: number) => (fields.isStated(name) ? fields.text(name, maxLength) : null);
  const flag = (name: string) => (fields.isStated(name) ? fields.flag(name) : null);
  const changes: Changes = {
    customTitle: text("customTitle", MAX_TITLE_LENGTH)?.replace(/\s+/g, " ") ?? null,
    notes: text("notes", MAX_NOTES_LENGTH),
    evalStatus: evalStatus(text("evalStatus", MAX_TAG_LENGTH)),
    evalNotes: text("evalNotes", MAX_NOTES_LENGTH),
    expectedOutput: text("expectedOutput", MAX_OUTPUT_LENGTH),
    starred: flag("starred"),
    evalReady: flag("evalReady"),
    tags: fields.isStated("tags") ? tagList(fields, "tags") : null,
    addTags: tagList(fields, "addTags"),
    removeTags: tagList(fields, "removeTags"),
  };
  if (Object.values(changes).every((value) => value === null || value === "[]") && changes.tags === null) {
    throw badRequest(`The body has nothing to change: expected one or more of ${Object.keys(changes).join(", ")}`);
  }
  return changes;
}

function evalStatus(status: string | null): string | null {
  if (status === null || status === "" || EVAL_STATUSES.includes(status)) return status;
  throw badRequest(`evalStatus: expected ${EVAL_STATUSES.join(", ")} or null, got ${status}`);
}

/** Tags as JSON, each once, in order: the same set is the same text. */
function tagList(fields: Fields, name: string): string {
  const tags = fields.texts(name).map((tag, index) => normalTag(`${name}[${index}]`, tag));
  if (tags.length > MAX_TAGS) throw badRequest(`${name}: expected at most ${MAX_TAGS} tags, got ${tags.length}`);
  return JSON.stringify([...new Set(tags)].sort());
}

/** A tag is one word in small letters, so that `#Bug`, `bug` and ` BUG ` are one, and a search can name it. */
function normalTag(name: string, text: string): string {
  const tag = text
    .trim()
    .replace(/^#+/, "")
    .trim()
    .toLowerCase()
    .replace(/[\s,"]+/g, "-");
  if (tag === "" || tag.length > MAX_TAG_LENGTH) {
    throw badRequest(`${name}: expected a tag of 1 to ${MAX_TAG_LENGTH} characters`);
  }
  return tag;
}
