import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "@opensync/client";
import { findGitDir, type GitState, observeGit, readCommonDir } from "../../observe/git.ts";
import { countOf, dataOf, textOf } from "./json.ts";
import { checkedOutDuring, parseReflog } from "./reflog.ts";

/** A longer reflog than any seen; reading more would hold up a backfill of many sessions. */
const MAX_REFLOG_BYTES = 4 * 1024 * 1024;

/**
 * What is certain about the checkout of a session that was not watched. OpenCode stores neither branch nor commit, but
 * names the project after the repository's address or first commit: that proves that the checkout at the session's
 * folder is the one of then, and its reflog proves the rest.
 * @param session as this source maps it
 * @returns empty when nothing can be proved. Never throws.
 */
export async function observePast(session: Session): Promise<GitState> {
  const projectId = textOf(session.meta?.["project_id"]) ?? textOf(session.meta?.["projectID"]);
  if (session.projectPath === undefined || projectId === undefined) return {};
  try {
    const gitDir = await findGitDir(session.projectPath);
    if (gitDir === undefined) return {};
    const now = await observeGit(session.projectPath);
    const isNamedByRemote = now.gitRemote !== undefined && projectId === idOfRemote(now.gitRemote);
    if (!isNamedByRemote && projectId !== (await notedId(gitDir))) return {};
    return {
      ...(isNamedByRemote ? { gitRemote: now.gitRemote } : {}),
      ...checkedOutDuring(parseReflog(await readReflog(gitDir)), intervalOf(session), now),
    };
  } catch {
    // A folder that cannot be read proves nothing, and nothing is lost by it.
    return {};
  }
}

/** @source OpenCode 1.18.33 */
function idOfRemote(remote: string): string {
  return createHash("sha1").update(`git-remote:${remote}`).digest("hex");
}

/** OpenCode notes the project's id in the repository: what it was when it was looked for the first time. */
async function notedId(gitDir: string): Promise<string> {
  return (await readFile(join(await readCommonDir(gitDir), "opencode"), "utf8").catch(() => "")).trim();
}

async function readReflog(gitDir: string): Promise<string> {
  const bytes = await readFile(join(gitDir, "logs/HEAD"));
  // Of a longer one the newest part: the first line, cut in half, is no entry then.
  return bytes.subarray(Math.max(0, bytes.byteLength - MAX_REFLOG_BYTES)).toString("utf8");
}

/** From the creation of the session to its own last change. Not to `updatedAt`: an import by a later version sets that. */
function intervalOf({ meta, createdAt = 0, updatedAt = 0 }: Session) {
  const changed = countOf(meta?.["time_updated"]) ?? countOf(dataOf(meta?.["time"])["updated"]) ?? updatedAt;
  return { fromMs: createdAt, toMs: Math.max(createdAt, changed) };
}
