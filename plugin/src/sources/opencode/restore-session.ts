import type { Message, Session } from "@opensync/client";
import { compact, type Data, omit, unlessEmpty } from "./json.ts";
import { restoreMessage } from "./restore.ts";

/**
 * What `opencode export` writes and `opencode import` reads (1.0-1.18): the session, its messages, their parts, with
 * all ids. To-do list, children and snapshots are not in it.
 */
export type ExportedSession = {
  readonly info: Data;
  readonly messages: readonly { readonly info: Data; readonly parts: readonly Data[] }[];
};

/** Rebuilds a session of OpenCode up to 1.18 from its mapped form, with its messages in order. */
export function restoreSession(session: Session, messages: readonly Message[]): ExportedSession {
  const sessionID = session.externalId;
  return {
    info: restoreSessionInfo(session),
    messages: messages.map((message) => {
      const { info, parts } = restoreMessage(message);
      const messageID = message.externalId;
      return {
        info: { ...info, id: messageID, sessionID },
        parts: parts.map(({ id, data }) => ({ ...data, id, messageID, sessionID })),
      };
    }),
  };
}

/**
 * Rebuilds a session as OpenCode's API has it. `meta` holds a row of the database, or from older versions the API's
 * own form, beside which we keep what they had in files of their own.
 */
function restoreSessionInfo({ meta = {} }: Session): Data {
  if (!("time_created" in meta)) return omit(meta, "sessionDiff", "todos");
  const column = (name: string) => meta[name];
  return compact({
    id: column("id"),
    slug: column("slug"),
    projectID: column("project_id"),
    workspaceID: column("workspace_id"),
    directory: column("directory"),
    path: column("path"),
    parentID: column("parent_id"),
    summary: unlessEmpty(
      compact({
        additions: column("summary_additions"),
        deletions: column("summary_deletions"),
        files: column("summary_files"),
        diffs: column("summary_diffs"),
      }),
    ),
    cost: column("cost"),
    tokens: restoreTotals(meta),
    share: "share_url" in meta ? { url: column("share_url") } : undefined,
    title: column("title"),
    agent: column("agent"),
    model: column("model"),
    version: column("version"),
    metadata: column("metadata"),
    permission: column("permission"),
    revert: column("revert"),
    time: compact({
      created: column("time_created"),
      updated: column("time_updated"),
      compacting: column("time_compacting"),
      archived: column("time_archived"),
    }),
  });
}

/** Absent in versions that keep no totals. */
function restoreTotals(meta: Data): Data | undefined {
  if (!("tokens_input" in meta)) return undefined;
  return {
    input: meta["tokens_input"],
    output: meta["tokens_output"],
    reasoning: meta["tokens_reasoning"],
    cache: { read: meta["tokens_cache_read"], write: meta["tokens_cache_write"] },
  };
}
