import { type Data, dataOf, isData } from "./json.ts";
import type { StoredSession } from "./map-session.ts";
import { mapTodo } from "./map-todo.ts";

/** A session as OpenCode's files, its export and its API have it, and what belongs to it. */
export type SessionInfo = Pick<StoredSession, "id" | "record" | "totals" | "firstPrompt" | "lastChangeMs"> & {
  /** Where it took place, as its messages say: the record itself does so only from 0.6 on. */
  readonly directory: string | undefined;
  readonly project: Data;
};

/** What a session is mapped from, out of its file. */
export function sessionFromInfo({ record, directory, project, ...rest }: SessionInfo): StoredSession {
  const time = dataOf(record["time"]);
  return {
    ...rest,
    record,
    title: record["title"],
    directory: record["directory"] ?? directory,
    version: record["version"],
    parentId: record["parentID"],
    forkedFromId: undefined,
    createdAt: time["created"],
    archivedAt: time["archived"],
    project: { name: project["name"], worktree: project["worktree"] },
    todos: Array.isArray(record["todos"]) ? record["todos"].filter(isData).map(mapTodo) : [],
  };
}
