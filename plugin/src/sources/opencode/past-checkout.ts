import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "@opensync/client";
import { findGitDir, type GitState, observeGit, readCommonDir } from "../../observe/git.ts";
import { countOf, dataOf, textOf } from "./json.ts";
import { checkedOutDuring, parseReflog, type ReflogEntry } from "./reflog.ts";

/** A longer reflog than any seen; reading more would hold up a backfill of many sessions. */
const MAX_REFLOG_BYTES = 4 * 1024 * 1024;

/** What a checkout says about itself and its past. */
type Checkout = { readonly now: GitState; readonly notedId: string; readonly reflog: readonly ReflogEntry[] };

/** Folders whose checkout is kept in mind. */
const MAX_FOLDERS = 64;

/**
 * Makes an observer of one run: it looks at each folder once, since a history has thousands of sessions in a few.
 *
 * It tells what is certain about the checkout of a session that was not watched. OpenCode stores neither branch nor
 * commit, but names the project after the repository's address or first commit: that proves that the checkout at the
 * session's folder is the one of then, and its reflog proves the rest. Never throws; empty when nothing can be proved.
 */
export function createPastObserver(): (session: Session) => Promise<GitState> {
  const checkouts = new Map<string, Promise<Checkout | undefined>>();
  const lookUp = (folder: string) => {
    const known = checkouts.get(folder);
    if (known !== undefined) return known;
    if (checkouts.size >= MAX_FOLDERS) checkouts.clear();
    // A folder that cannot be read proves nothing, and nothing is lost by it.
    const checkout = readCheckout(folder).catch(() => undefined);
    checkouts.set(folder, checkout);
    return checkout;
  };
  return async (session) => {
    const projectId = textOf(session.meta?.["project_id"]) ?? textOf(session.meta?.["projectID"]);
    if (session.projectPath === undefined || projectId === undefined) return {};
    const checkout = await lookUp(session.projectPath);
    return checkout === undefined ? {} : whatIsCertain(session, projectId, checkout);
  };
}

async function readCheckout(folder: string): Promise<Checkout | undefined> {
  const gitDir = await findGitDir(folder);
  if (gitDir === undefined) return undefined;
  const [now, id, reflog] = await Promise.all([observeGit(folder), notedId(gitDir), readReflog(gitDir)]);
  return { now, notedId: id, reflog: parseReflog(reflog) };
}

function whatIsCertain(session: Session, projectId: string, { now, notedId, reflog }: Checkout): GitState {
  const isNamedByRemote = now.gitRemote !== undefined && projectId === idOfRemote(now.gitRemote);
  if (!isNamedByRemote && projectId !== notedId) return {};
  return {
    ...(isNamedByRemote ? { gitRemote: now.gitRemote } : {}),
    ...checkedOutDuring(reflog, intervalOf(session), now),
  };
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
