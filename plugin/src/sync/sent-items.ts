import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, readIfThereSync, writePrivateFile } from "../config/private-file.ts";

/** Under which version (epoch ms) this machine sent an item last. */
export type SentVersions = Pick<ReadonlyMap<string, number>, "get" | "has">;

/** Stands for the session itself among the ids of its messages; no item has an empty id. */
export const SESSION_ITSELF = "";

/**
 * What this machine has ever sent of each session. Only that tells a message which was removed here from one that
 * another device wrote: both are on the server and not in the store.
 */
export type SentItems = {
  readonly read: (sessionId: string) => Promise<SentVersions>;
  /** Notes items before they are sent: what was noted and never sent harms nobody, the reverse would be forgotten. */
  readonly append: (sessionId: string, versions: ReadonlyMap<string, number>) => Promise<void>;
};

/** A file is written anew when it holds this many lines, and most of them are outdated. */
const COMPACT_LINES = 1_000;
const COMPACT_RATIO = 4;

/** How the files are read and written. */
type Files = {
  readonly read: (file: string) => Promise<string | undefined>;
  readonly append: (file: string, text: string) => Promise<void>;
};

const MODE = { mode: 0o600 };

const files: Readonly<Record<"later" | "at-once", Files>> = {
  later: { read: readIfThere, append: (file, text) => appendFile(file, text, MODE) },
  "at-once": {
    read: async (file) => readIfThereSync(file),
    append: async (file, text) => appendFileSync(file, text, MODE),
  },
};

/**
 * The items noted in a folder: a file for each session, which only ever grows at its end, so that several processes
 * can write it and a killed one harms nothing but its last line.
 * @param folder absolute path; need not exist
 * @param when `later`: the process goes on while the disk works, as it must inside of an agent; `at-once`: it waits,
 *   which takes a fifth of the time, for a program that goes through thousands of sessions
 */
export function sentItemsIn(folder: string, when: keyof typeof files = "later"): SentItems {
  const { read, append } = files[when];
  let isFolderThere = false;
  return {
    read: async (sessionId) => {
      const file = fileFor(folder, sessionId);
      const { versions, lines } = parse((await read(file)) ?? "");
      if (lines > COMPACT_LINES && lines > COMPACT_RATIO * versions.size)
        await writePrivateFile(file, format(versions));
      return versions;
    },
    append: async (sessionId, versions) => {
      if (!isFolderThere) await mkdir(folder, { recursive: true, mode: 0o700 });
      isFolderThere = true;
      await append(fileFor(folder, sessionId), format(versions));
    },
  };
}

/**
 * The same for a process that must go on, also with a disk that is full or a folder that is not ours: what is not noted
 * is only not known to be removed later.
 */
export function asFarAsPossible({ read, append }: SentItems): SentItems {
  return {
    read: (sessionId) => read(sessionId).catch(() => new Map<string, number>()),
    append: (sessionId, versions) => append(sessionId, versions).catch(() => undefined),
  };
}

/** Ids are opaque: those that are no plain name get one. */
function fileFor(folder: string, sessionId: string): string {
  const isPlain = /^[\w-]{1,100}$/.test(sessionId);
  return join(folder, isPlain ? sessionId : `#${createHash("sha256").update(sessionId).digest("hex")}`);
}

/** A line begins with its break: one that a killed process left unfinished then spoils no other. */
function format(versions: ReadonlyMap<string, number>): string {
  return [...versions].map(([id, version]) => `\n${version}\t${encodeURIComponent(id)}`).join("");
}

function parse(text: string): { versions: Map<string, number>; lines: number } {
  const versions = new Map<string, number>();
  const lines = text.split("\n").slice(1);
  for (const line of lines) {
    const [, version, id] = /^(\d+)\t([^\t]*)$/.exec(line) ?? [];
    const decoded = id === undefined ? undefined : decode(id);
    if (decoded !== undefined) versions.set(decoded, Math.max(versions.get(decoded) ?? 0, Number(version)));
  }
  return { versions, lines: lines.length };
}

function decode(id: string): string | undefined {
  try {
    return decodeURIComponent(id);
  } catch {
    // The end of an unfinished line.
    return undefined;
  }
}
