import { MESSAGE_JSON, WHOLE_SESSION_JSON } from "../../reading/session-json.ts";
import { SAID } from "../blocks.ts";
import { joined, LINE, quoted, type SessionFormat } from "./session-format.ts";

/** The first version's `{role, content}`, with all that we know of the message beside it. */
const MESSAGE = `json_set(${MESSAGE_JSON}, '$.content', ${SAID})`;

/** `{session, messages: [{role, content, …}]}`. */
export const JSON_FILE: SessionFormat = {
  contentType: "application/json",
  ending: "json",
  head: joined(`'{"version":1,"session":'`, WHOLE_SESSION_JSON, `',"messages":['`, LINE),
  message: MESSAGE,
  separator: `,\n`,
  foot: quoted("\n]}\n"),
};

/** A line for each message: `{role, content, …}`. */
export const JSON_LINES: SessionFormat = {
  contentType: "application/x-ndjson",
  ending: "jsonl",
  head: quoted(""),
  message: joined(MESSAGE, LINE),
  foot: quoted(""),
};
