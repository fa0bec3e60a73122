import { queryOne } from "../../lib/vm.ts";
import { requireAll } from "../complete.ts";
import { writeMessages } from "../message-pages.ts";
import { COUNT_ALL, LARGE_MESSAGES, LARGE_SESSION, WHOLE_SESSIONS } from "./pages.ts";
import { PRICE_LINES } from "./prices.ts";

/** The version of the format. Version 1 had no prices. Readers refuse one that they do not know. */
const ARCHIVE_VERSION = 2;

/**
 * Writes an account's archive. After each piece comes a line with the digest of its bytes, and at the end one with the
 * counts and the digest of all digests: a file that is cut off or damaged shows it.
 * @param after externalId of the last session of an earlier archive that broke off; "" for all
 */
export function writeArchive(app: core.App, user: string, after: string, write: (text: string) => void): void {
  const nothing = { sessions: 0, messages: 0 };
  const count = () => queryOne(app, COUNT_ALL, { user }, nothing) ?? nothing;
  const before = count();
  const { text, prices } = pricesOf(app, user, after);
  const archive = new Pieces(write);
  archive.add(
    line({
      format: "opensync-archive",
      version: ARCHIVE_VERSION,
      server: OPENSYNC_VERSION,
      createdAt: Date.now(),
      after,
      ...before,
      prices,
    }),
  );
  // Before the sessions, so that what comes in is priced by them at once.
  archive.add(text);
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
  archive.end({ sessions, messages, prices });
}

/** What an archive goes on behind has had them. */
function pricesOf(app: core.App, user: string, after: string): { text: string; prices: number } {
  const none = { text: "", prices: 0 };
  return after === "" ? (queryOne(app, PRICE_LINES, { user }, none) ?? none) : none;
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

  end(counts: Readonly<Record<"sessions" | "messages" | "prices", number>>): void {
    this.#write(line({ end: { ...counts, sha256: this.#digest } }));
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
