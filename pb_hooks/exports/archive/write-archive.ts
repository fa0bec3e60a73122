import { queryOne } from "../../lib/vm.ts";
import { requireAll } from "../complete.ts";
import { writeMessages } from "../message-pages.ts";
import { COUNT_ALL, LARGE_MESSAGES, LARGE_SESSION, WHOLE_SESSIONS } from "./pages.ts";

/** The version of the format. Readers refuse one that they do not know. */
export const ARCHIVE_VERSION = 1;

/**
 * Writes an account's archive. After each piece comes a line with the digest of its bytes, and at the end one with the
 * counts and the digest of all digests: a file that is cut off or damaged shows it.
 * @param after externalId of the last session of an earlier archive that broke off; "" for all
 */
export function writeArchive(app: core.App, user: string, after: string, write: (text: string) => void): void {
  const nothing = { sessions: 0, messages: 0 };
  const count = () => queryOne(app, COUNT_ALL, { user }, nothing) ?? nothing;
  const before = count();
  const archive = new Pieces(write);
  archive.add(
    line({
      format: "opensync-archive",
      version: ARCHIVE_VERSION,
      server: OPENSYNC_VERSION,
      createdAt: Date.now(),
      after,
      ...before,
    }),
  );
  let [sessions, messages, last] = [0, 0, after];
  for (;;) {
    const shape = { text: "", sessions: 0, messages: 0, last: "", large: "" };
    const piece = queryOne(app, WHOLE_SESSIONS, { user, after: last }, shape) ?? shape;
    if (piece.sessions === 0 && piece.large === "") break;
    if (piece.sessions > 0) {
      archive.add(piece.text);
      sessions += piece.sessions;
      messages += piece.messages;
      last = piece.last;
    } else {
      last = piece.last;
      const large = queryOne(app, LARGE_SESSION, { user, session: piece.large }, { head: "", state: "" });
      // It went in this very moment.
      if (!large) continue;
      archive.add(large.head);
      messages += writeMessages(app, LARGE_MESSAGES, { user, session: piece.large }, (text) => archive.add(text));
      archive.add(large.state);
      sessions += 1;
    }
  }
  if (after === "") {
    const now = count();
    requireAll("sessions", sessions, before.sessions, now.sessions);
    requireAll("messages", messages, before.messages, now.messages);
  }
  archive.end(sessions, messages);
}

class Pieces {
  readonly #write: (text: string) => void;
  /** Digest of the digests so far. */
  #digest = "";

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  add(text: string): void {
    if (text === "") return;
    const sha256 = $security.sha256(text);
    this.#digest = $security.sha256(this.#digest + sha256);
    this.#write(text);
    this.#write(line({ check: { sha256 } }));
  }

  end(sessions: number, messages: number): void {
    this.#write(line({ end: { sessions, messages, sha256: this.#digest } }));
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
