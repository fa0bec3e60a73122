import { requireAll } from "../exports/complete.ts";
import { download, fileNameOf } from "../exports/download.ts";
import { HTML } from "../exports/formats/html.ts";
import { JSON_FILE, JSON_LINES } from "../exports/formats/json.ts";
import { MARKDOWN } from "../exports/formats/markdown.ts";
import { type SessionFormat, TITLE } from "../exports/formats/session-format.ts";
import { TEXT } from "../exports/formats/text.ts";
import { COUNT_MESSAGES, messagePage, writeMessages } from "../exports/message-pages.ts";
import { badRequest, notFound } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { queryOne } from "../lib/vm.ts";
import { FIND_SESSION } from "../reading/session-detail.ts";

const FORMAT_NAMES = ["json", "markdown", "html", "jsonl", "text"] as const;

interface Statements {
  readonly format: SessionFormat;
  /** `{title, head, foot}`. Bind `user`, `session`. */
  readonly frame: string;
  readonly messages: string;
}

function statements(format: SessionFormat): Statements {
  const { head, message, foot, separator } = format;
  // The separator goes before every message, and the first one's is taken off.
  const text = separator === undefined ? message : `'${separator}' || ${message}`;
  return {
    format,
    frame: `SELECT ${TITLE} AS title, ${head} AS head, ${foot} AS foot FROM sessions s
WHERE s.user = {:user} AND s.id = {:session}`,
    messages: messagePage(text),
  };
}

export const EXPORTS: Readonly<Record<(typeof FORMAT_NAMES)[number], Statements>> = {
  json: statements(JSON_FILE),
  markdown: statements(MARKDOWN),
  html: statements(HTML),
  jsonl: statements(JSON_LINES),
  text: statements(TEXT),
};

/**
 * `GET /api/export?id=&format=json|markdown|html|jsonl|text`: one session as a file, by its own id or its agent's.
 * Messages that were undone are no part of it; tool calls and their results are.
 */
export function handleExport(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId: user } = requireReader(e);
    const parameters = new Parameters(e);
    const id = parameters.text("id", 512);
    if (id === "")
      throw badRequest("Missing session ID: expected the id or externalId of a session in the parameter id");
    const { format, frame, messages } = EXPORTS[parameters.oneOf("format", FORMAT_NAMES, "json")];
    const session = queryOne(e.app, FIND_SESSION, { user, id, deleted: false }, { id: "" })?.id;
    if (!session) throw notFound("Session not found");
    const empty = { title: "", head: "", foot: "" };
    const { title, head, foot } = queryOne(e.app, frame, { user, session }, empty) ?? empty;
    const { contentType, ending, headers = {}, separator = "" } = format;
    const fileName = `${fileNameOf(title, "session")}.${ending}`;
    const count = () => queryOne(e.app, COUNT_MESSAGES, { user, session }, { n: 0 })?.n ?? 0;
    download(e, { contentType, fileName, headers }, (write) => {
      const before = count();
      write(head);
      let toDrop = separator.length;
      const written = writeMessages(e.app, messages, { user, session }, (text) => {
        write(text.slice(toDrop));
        toDrop = 0;
      });
      requireAll("messages", written, before, count());
      write(foot);
    });
  });
}
