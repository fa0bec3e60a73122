import { type Dirent, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { storeErrorFrom } from "../store-error.ts";

/** Where a version keeps its files. All folders are absolute and need not exist. */
export type JsonLayout = {
  /** Folders with one file a session, `<id>.json`. */
  readonly sessionFolders: () => string[];
  /** Folder with one file a message. */
  readonly messageFolder: (sessionFolder: string, sessionId: string) => string;
  /** Folder with one file a part. */
  readonly partFolder: (sessionFolder: string, sessionId: string, messageId: string) => string;
  /** The file with the changes that a session made to files; undefined: this version keeps none. */
  readonly diffFile: (sessionId: string) => string | undefined;
  /** The file with the to-do list of a session; undefined: this version keeps none. */
  readonly todoFile: (sessionId: string) => string | undefined;
  /** The file about a project; undefined: this version keeps none. */
  readonly projectFile: (projectId: string) => string | undefined;
};

/** `storage/{session/<project>,message/<session>,part/<message>}` of 1.0-1.1, and of the versions between 0.6 and 1.0. */
export function globalLayout(dataFolder: string): JsonLayout {
  const storage = join(dataFolder, "storage");
  return {
    sessionFolders: () => foldersIn(join(storage, "session")),
    messageFolder: (_folder, sessionId) => join(storage, "message", sessionId),
    partFolder: (_folder, _sessionId, messageId) => join(storage, "part", messageId),
    diffFile: (sessionId) => join(storage, "session_diff", `${sessionId}.json`),
    todoFile: (sessionId) => join(storage, "todo", `${sessionId}.json`),
    projectFile: (projectId) => join(storage, "project", `${projectId}.json`),
  };
}

/** `project/<path>/storage/session/{info,message/<session>,part/<session>/<message>}` of 0.5 and before. */
export function projectLayout(dataFolder: string): JsonLayout {
  return {
    sessionFolders: () => {
      const folders = foldersIn(join(dataFolder, "project")).map((project) => join(project, "storage/session/info"));
      return folders.filter((folder) => existsSync(folder));
    },
    messageFolder: (folder, sessionId) => join(folder, "../message", sessionId),
    partFolder: (folder, sessionId, messageId) => join(folder, "../part", sessionId, messageId),
    diffFile: () => undefined,
    todoFile: () => undefined,
    projectFile: () => undefined,
  };
}

/** The folders of both layouts that are there. */
export function locateJsonTrees(dataFolder: string): string[] {
  return [join(dataFolder, "storage/session"), join(dataFolder, "project")].filter((folder) => existsSync(folder));
}

function foldersIn(folder: string): string[] {
  const entries = entriesOf(folder).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => join(folder, name)).sort();
}

/**
 * What is in a folder; empty when it is not there.
 * @throws StoreError when it cannot be read
 */
export function entriesOf(folder: string): Dirent[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw storeErrorFrom(folder, error);
  }
}
