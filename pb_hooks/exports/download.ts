import { describe } from "../lib/vm.ts";

/** What a file is called and what it is. */
export interface FileKind {
  readonly contentType: string;
  readonly fileName: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** UTF-16 units of a file's name before its ending. */
const MAX_NAME_LENGTH = 80;

/** What a file says at its end when it could not be written to its end: the status is long gone by then. */
const BROKEN_OFF = "\n\nTHIS EXPORT IS NOT COMPLETE: the server failed while writing it. Please try again.\n";

/** A piece of a file: text, or bytes as they are. */
export type Write = (piece: string | number[]) => void;

/**
 * Answers with a file, piece by piece, so that its size does not matter. Nothing is sent before the first piece: what
 * goes wrong until then is an ordinary error.
 */
export function download(e: core.RequestEvent, file: FileKind, produce: (write: Write) => void): void {
  let hasBegun = false;
  let isReaderGone = false;
  const write: Write = (piece) => {
    if (piece.length === 0) return;
    if (!hasBegun) writeHeaders(e, file);
    hasBegun = true;
    isReaderGone = true;
    e.response.write(piece);
    e.flush();
    isReaderGone = false;
  };
  try {
    produce(write);
  } catch (cause) {
    const path = e.request?.url?.path ?? "";
    if (isReaderGone) {
      e.app.logger().info(`${path} was not read to its end`);
    } else if (hasBegun) {
      e.app.logger().error(`${path} broke off`, "cause", describe(cause));
      tryToSay(() => e.response.write(BROKEN_OFF));
    } else {
      throw cause;
    }
  }
}

/** A file's name from a title: letters and digits of ASCII, everything else a dash. */
export function fileNameOf(title: string, fallback: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_NAME_LENGTH)
    .replace(/^-+|-+$/g, "");
  return name || fallback;
}

function writeHeaders(e: core.RequestEvent, { contentType, fileName, headers = {} }: FileKind): void {
  const header = e.response.header();
  header.set("Content-Type", contentType);
  header.set("Content-Disposition", `attachment; filename="${fileName}"`);
  header.set("Cache-Control", "no-store");
  header.set("X-Content-Type-Options", "nosniff");
  for (const [name, value] of Object.entries(headers)) header.set(name, value);
  header.set("Access-Control-Expose-Headers", ["Content-Disposition", ...Object.keys(headers)].join(", "));
}

function tryToSay(say: () => void): void {
  try {
    say();
  } catch {
    // Nobody is there any more.
  }
}
